"""What the judge learns from carries the labels that the texts have."""

import random
from dataclasses import replace

import numpy as np
import pytest

from grading.core.rubric import Criterion, Rubric
from grading.training.composed import altered, composed, pieces_of
from grading.training.corpus import Bank, Corpus, ShortAnswer, Turn, answer_from
from grading.training.examples import (
    CONTRADICTED,
    MET,
    MISSING,
    TURNED,
    against_another,
    from_answer,
    from_short,
    makes_nothing,
    rights_of,
)
from grading.training.games import turned
from grading.training.passes import (
    Passes,
    Split,
    located_in,
    texts_of,
    without_answers,
    without_items,
)
from grading.training.texts import TextTable

RUBRIC = Rubric(
    title="Cache",
    asks="How does the cache grow?",
    criteria=(
        Criterion(
            id="grows",
            says="It grows with the tokens",
            references=("Twice the tokens, twice the cache.",),
            misconceptions=("It stays the same.",),
        ),
        Criterion(id="sharing", says="Shared heads make it smaller"),
    ),
)


def line(**changes: object) -> dict[str, object]:
    return {
        "id": "a-1",
        "item": "cache",
        "category": "good",
        "answer": "More tokens, more cache. Sharing heads makes it bigger.",
        "points": {"grows": 1, "sharing": 0},
        "contradicted": ["sharing"],
        "evidence": {"grows": "More tokens, more cache."},
        "score": 45,
        **changes,
    }


def line_of_two(grows: str, sharing: str, before: str = "") -> dict[str, object]:
    """Give a line whose two points are made by a sentence each."""
    return line(
        answer=f"{before}{grows} {sharing}",
        points={"grows": 1, "sharing": 1},
        contradicted=[],
        evidence={"grows": grows, "sharing": sharing},
    )


def test_a_labelled_answer_keeps_its_labels_and_its_marks() -> None:
    example = from_answer(answer_from(line()), RUBRIC)

    grows, sharing = example.asked
    assert (grows.target, grows.sentences) == (MET, (0,))
    assert sharing.target == CONTRADICTED
    assert not sharing.either


def test_a_point_without_credit_may_be_contradicted_where_that_is_not_labelled() -> (
    None
):
    entry = line(contradicted=[], contradicted_complete=False)

    example = from_answer(answer_from(entry), RUBRIC)

    assert example.asked[1].either
    assert example.asked[1].sentences is None


def test_half_credit_is_half_of_the_way_to_made() -> None:
    entry = line(points={"grows": 0.5, "sharing": 0}, evidence={})

    assert from_answer(answer_from(entry), RUBRIC).asked[0].target == (0, 1, 0, 0)


def test_a_composed_answer_never_shows_the_wording_it_was_made_from() -> None:
    corpus = Corpus(rubrics={"cache": RUBRIC}, answers=(), banks={})
    pieces = pieces_of(corpus, "cache")

    for seed in range(30):
        example = composed(RUBRIC, pieces, random.Random(seed))  # noqa: S311
        for asked in example.asked:
            assert not set(asked.references) & set(example.sentences)
            assert not set(asked.misconceptions) & set(example.sentences)


def test_a_composed_answer_says_which_sentence_decides() -> None:
    bank = Bank(
        item="cache",
        criterion="sharing",
        met=("Fewer heads to keep. So there is less to store.",),
        partly=(),
        contradicted=("Sharing makes it larger.",),
        near=("Heads are shared.",),
    )
    corpus = Corpus(
        rubrics={"cache": RUBRIC}, answers=(), banks={("cache", "sharing"): bank}
    )
    pieces = pieces_of(corpus, "cache")

    for seed in range(60):
        example = composed(RUBRIC, pieces, random.Random(seed))  # noqa: S311
        for asked in example.asked:
            said = [example.sentences[k] for k in asked.sentences or ()]
            if asked.target == MISSING:
                assert not said
            if asked.target == CONTRADICTED:
                assert said in (["Sharing makes it larger."], ["It stays the same."])


def test_in_an_altered_answer_only_the_changed_sentence_has_another_label() -> None:
    corpus = Corpus(rubrics={"cache": RUBRIC}, answers=(), banks={})
    pieces = pieces_of(corpus, "cache")
    entry = line_of_two(
        "More tokens, more cache.",
        "Sharing heads makes it smaller.",
        before="First of all, hello. ",
    )
    example = from_answer(answer_from(entry), RUBRIC)
    changed = 0

    for seed in range(40):
        made = altered(example, ("grows", "sharing"), pieces, random.Random(seed))  # noqa: S311
        assert made.sentences[0] == "First of all, hello."
        for asked, before in zip(made.asked, example.asked, strict=True):
            said = [made.sentences[k] for k in asked.sentences or ()]
            was = [example.sentences[k] for k in before.sentences or ()]
            if said == was:
                assert asked.target == before.target
            else:
                changed += 1
                assert said[0] not in example.sentences
                assert asked.target in (MET, TURNED, CONTRADICTED)
    assert changed > 10


TURN = Turn(
    item="cache",
    criterion="grows",
    sentence="More tokens, more cache",
    turned=("More tokens, no more cache.",),
    same=("No more tokens, no more cache.",),
)
WITH_TURNS = Corpus(
    rubrics={"cache": RUBRIC}, answers=(), banks={}, turns={("cache", "grows"): (TURN,)}
)


def test_a_sentence_that_was_turned_by_hand_is_turned_so_or_changed_and_the_same() -> (
    None
):
    entry = line_of_two(TURN.sentence + ".", "Sharing heads makes it smaller.")
    example = from_answer(answer_from(entry), RUBRIC)
    pieces = pieces_of(WITH_TURNS, "cache")

    said = {
        (made.sentences[0], made.asked[0].target)
        for seed in range(60)
        for made in [
            altered(example, ("grows", "sharing"), pieces, random.Random(seed))  # noqa: S311
        ]
    }

    assert said == {
        ("More tokens, more cache.", MET),
        ("More tokens, no more cache.", CONTRADICTED),
        ("No more tokens, no more cache.", MET),
    }


def test_what_was_made_by_hand_are_texts_like_others() -> None:
    pieces = pieces_of(WITH_TURNS, "cache")["grows"]

    labelled = {(piece.text, piece.target) for piece in pieces}
    assert labelled >= {
        (TURN.sentence, MET),
        (TURN.turned[0], CONTRADICTED),
        (TURN.same[0], MET),
    }


def test_of_a_left_out_item_nothing_turned_is_learned() -> None:
    split = without_items(WITH_TURNS, frozenset({"cache"}), frozenset())

    assert split.learned.turns == {}


def test_the_answers_of_which_a_sentence_was_turned_are_known() -> None:
    corpus = replace(
        WITH_TURNS,
        answers=(
            answer_from(line_of_two("More tokens, more cache.", "Heads shrink it.")),
            answer_from(line_of_two("Many tokens, much cache.", "Heads shrink it.")),
        ),
    )

    texts = sorted(texts_of(corpus, ()))
    table = TextTable(
        encoder=None,  # type: ignore[arg-type]
        rows={text: row for row, text in enumerate(texts)},
        vectors=list(np.eye(len(texts), dtype=np.float32)),
    )

    passes = Passes.over(corpus, (), frozenset({"cache"}), table)

    assert [example.sentences[0] for example, _ in passes.turnable] == [
        "More tokens, more cache."
    ]
    assert len(passes.located) == 2


def test_where_one_sentence_became_two_the_later_ones_move() -> None:
    bank = Bank(
        item="cache",
        criterion="grows",
        met=("Count the tokens. That many entries it has.",),
        partly=(),
        contradicted=(),
        near=(),
    )
    rubric = Rubric(
        title="Cache",
        asks="How does it grow?",
        criteria=(
            Criterion(id="grows", says="It grows with the tokens"),
            Criterion(id="sharing", says="Shared heads make it smaller"),
        ),
    )
    corpus = Corpus(
        rubrics={"cache": rubric}, answers=(), banks={("cache", "grows"): bank}
    )
    entry = line_of_two("Here tokens pile up.", "Sharing heads makes it tiny.")
    example = from_answer(answer_from(entry), rubric)
    moved = 0

    for seed in range(120):
        made = altered(
            example,
            ("grows", "sharing"),
            pieces_of(corpus, "cache"),
            random.Random(seed),  # noqa: S311
        )
        if len(made.sentences) == 3:
            moved += 1
            assert [asked.sentences for asked in made.asked] == [(0, 1), (2,)]
    assert moved > 3


def test_a_likely_sentence_is_named_and_an_unlikely_one_is_not() -> None:
    entry = line(
        answer="Trees are green. Twice the tokens, twice the cache.",
        points={"grows": 1, "sharing": 1},
        contradicted=[],
        evidence={},
    )
    example = from_answer(answer_from(entry), RUBRIC)
    near = {"It grows with the tokens": 0.7, "Shared heads make it smaller": 0.3}

    class Table:
        """Finds the second sentence as near as ``near`` has it, the first far."""

        def row(self, text: str) -> str:
            return text

        def cosines(self, said: list[str], right: list[str]) -> np.ndarray:
            return np.array([[0.1] * len(right), [near[right[0]]] * len(right)])

    grows, sharing = located_in(example, Table()).asked  # type: ignore[arg-type]

    assert grows.sentences == (1,)
    assert sharing.sentences is None


def test_a_sentence_that_decides_two_points_is_not_changed() -> None:
    corpus = Corpus(rubrics={"cache": RUBRIC}, answers=(), banks={})
    entry = line(
        answer="More tokens, more cache, and sharing heads makes it smaller.",
        points={"grows": 1, "sharing": 1},
        contradicted=[],
        evidence={"grows": "More tokens", "sharing": "sharing heads"},
    )
    example = from_answer(answer_from(entry), RUBRIC)

    for seed in range(20):
        made = altered(
            example,
            ("grows", "sharing"),
            pieces_of(corpus, "cache"),
            random.Random(seed),  # noqa: S311
        )
        assert made == example


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("It is not larger.", {"It is larger.", "It is not smaller."}),
        ("It is larger.", {"It is smaller.", "It is not larger."}),
        ("Nothing here", {None}),
    ],
)
def test_one_word_is_turned_or_none(text: str, turns: set[str | None]) -> None:
    found = {turned(text, random.Random(seed)) for seed in range(60)}  # noqa: S311

    assert found == turns


def test_a_text_on_something_else_makes_no_point() -> None:
    example = makes_nothing(RUBRIC, "Trees need water.")

    assert {asked.target for asked in example.asked} == {MISSING}


def corpus_with_answers() -> Corpus:
    other = Rubric(title="B", asks="Why?", criteria=RUBRIC.criteria)
    answers = [answer_from(line(id=f"d-{k}")) for k in range(4)]
    answers += [answer_from(line(id=f"o-{k}", item=f"other-{k}")) for k in range(8)]
    rubrics = {"cache": RUBRIC, **{f"other-{k}": other for k in range(8)}}
    return Corpus(rubrics=rubrics, answers=tuple(answers), banks={})


def test_nothing_of_a_left_out_item_is_learned() -> None:
    split = without_items(
        corpus_with_answers(), frozenset({"cache"}), frozenset({"other-1", "other-5"})
    )

    assert "cache" not in split.learned.rubrics
    assert not {a.item for a in split.learned.answers} & split.items
    assert {a.id for a in split.learned.answers}.isdisjoint(a.id for a in split.held)
    assert split.items == {"cache", "other-1", "other-5"}


def test_a_kept_item_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="other-99"):
        without_items(corpus_with_answers(), frozenset(), frozenset({"other-99"}))


def test_left_out_answers_leave_their_item_behind() -> None:
    split = without_answers(corpus_with_answers(), frozenset({"cache"}))

    assert len(split.held) == 1  # of four: a third, rounded
    assert {a.item for a in split.held} == {"cache"}
    assert {a.id for a in split.learned.answers}.isdisjoint(a.id for a in split.held)
    assert "cache" in split.learned.rubrics


def test_a_split_without_anything_left_out_learns_everything() -> None:
    corpus = corpus_with_answers()

    assert Split(corpus=corpus).learned.answers == corpus.answers


def test_of_a_left_out_item_no_text_is_compared_or_echoed() -> None:
    def own(name: str) -> Rubric:
        says = Criterion(
            id="p", says=f"{name} is light", references=(f"{name} is thin",)
        )
        return Rubric(title=name, asks=f"What of {name}?", criteria=(says,))

    corpus = Corpus(
        rubrics={name: own(name) for name in ("cache", *"abcdefgh")},
        answers=tuple(
            answer_from(
                line(
                    id=name, item=name, answer=f"{name} is airy", points={"p": 1},
                    contradicted=[], evidence={},
                )
            )
            for name in "abcdefgh"
        ),
        banks={
            (name, "p"): Bank(
                item=name, criterion="p", met=(f"{name} is airy",), partly=(),
                contradicted=(f"{name} is heavy",), near=(),
            )
            for name in ("cache", *"abcdefgh")
        },
    )  # fmt: skip
    split = without_items(corpus, frozenset({"cache"}), frozenset("bf"))
    passes = Passes(
        corpus=split.learned, shorts=(), bundled=(), others=(), located=(), turnable=(),
        weights=dict.fromkeys(split.learned.rubrics, 1.0),
    )  # fmt: skip

    made = [*passes.echoes(random.Random(1)), *passes(random.Random(1))]  # noqa: S311

    said = {sentence.split(" is ")[0] for e in made for sentence in e.sentences}
    asked = {one.says.split(" is ")[0] for e in made for one in e.asked}
    assert said & set(split.learned.rubrics)
    assert not (said | asked) & split.items


def short(
    answer: str, score: float, question: str = "Why does it rise?"
) -> ShortAnswer:
    return ShortAnswer(
        question_id="air", question=question, references=("It is lighter.",),
        answer=answer, score=score, label="correct" if score else "contradictory",
    )  # fmt: skip


def test_a_short_answer_is_marked_by_another_right_one_at_times() -> None:
    right, also, wrong = short("less heavy", 1), short("weighs less", 1), short("no", 0)
    rights = rights_of([right, also, wrong])

    seen = {
        from_short(against_another(right, rights, random.Random(seed))).asked[0].says  # noqa: S311
        for seed in range(60)
    }
    of_wrong = [
        from_short(against_another(wrong, rights, random.Random(seed)))  # noqa: S311
        for seed in range(60)
    ]

    assert seen == {"It is lighter.", "weighs less"}
    assert {one.asked[0].says for one in of_wrong} == {
        "It is lighter.",
        "less heavy",
        "weighs less",
    }
    assert {one.asked[0].target for one in of_wrong} == {CONTRADICTED}
    assert {one.question for one in of_wrong} == {"Why does it rise?"}


def test_without_a_question_an_answer_stands_for_no_reference() -> None:
    assert rights_of([short("less heavy", 1, question="")]) == {}
