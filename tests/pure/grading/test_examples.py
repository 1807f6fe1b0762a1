"""What the judge learns from carries the labels that the texts have."""

import random

from grading.core.rubric import Criterion, Rubric
from grading.training.corpus import Bank, Corpus, answer_from
from grading.training.examples import (
    CONTRADICTED,
    MET,
    MISSING,
    composed,
    from_answer,
    makes_nothing,
    pieces_of,
)
from grading.training.passes import Split, without_answers, without_items

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
    split = without_items(corpus_with_answers(), frozenset({"cache"}))

    assert "cache" not in split.learned.rubrics
    assert not {a.item for a in split.learned.answers} & split.items
    assert {a.id for a in split.learned.answers}.isdisjoint(a.id for a in split.held)
    assert len(split.items) == 3  # the bundled one, and two of the eight others


def test_left_out_answers_leave_their_item_behind() -> None:
    split = without_answers(corpus_with_answers(), frozenset({"cache"}))

    assert {a.id for a in split.held} == {"d-0", "d-2"}
    assert "cache" in split.learned.rubrics


def test_a_split_without_anything_left_out_learns_everything() -> None:
    corpus = corpus_with_answers()

    assert Split(corpus=corpus).learned.answers == corpus.answers
