"""Pairs of a wording and a claim, drawn from labelled texts."""

import random
from dataclasses import dataclass, replace

import numpy as np

from grading.core.rubric import Criterion, Rubric
from grading.training.claims import ClaimPasses
from grading.training.composed import pieces_of
from grading.training.corpus import Bank, Claim, Corpus, ShortAnswer, as_items
from grading.training.examples import (
    CONTRADICTED,
    DENIED,
    MET,
    MISSING,
    PARTLY,
    SWAPPED_MET,
    Asked,
    Example,
)
from grading.training.labelled_pairs import LabelledPair
from grading.training.passes import is_held, texts_of

GROWS = Criterion(
    id="grows",
    says="It grows with the tokens.",
    references=("Twice the tokens, twice the cache.",),
    misconceptions=("It stays the same.",),
)
LOST = Criterion(id="lost", says="It is lost on a restart.")
RUBRIC = Rubric(title="Cache", asks="What of the cache?", criteria=(GROWS, LOST))
CLAIM = Claim(
    question="What does hot air do?",
    says="Hot air rises.",
    same=("warm air goes up",),
    opposite=("Hot air sinks.", "warm air goes down"),
    partly=("air moves",),
    beside=("air fills balloons",),
)
NOTHING = Corpus(rubrics={}, answers=(), banks={})


@dataclass
class Near:
    """Takes the first of any texts for the nearest, and later ones for nearer."""

    def row(self, text: str) -> int:
        return 0

    def cosines(self, texts: list[int], to: list[int]) -> np.ndarray:
        return np.arange(len(texts) * len(to)).reshape(len(texts), len(to))

    def nearest(self, texts: list[int], to: list[int]) -> int:
        return 0


def passes(**given: object) -> ClaimPasses:
    parts: dict[str, object] = {
        "corpus": NOTHING,
        "located": (), "shorts": (), "claims": (), "table": Near(),
    }  # fmt: skip
    return ClaimPasses(**{**parts, **given})  # type: ignore[arg-type]


def drawn(**given: object) -> list[LabelledPair]:
    made = passes(**given)
    return [one for seed in range(250) for one in made(random.Random(seed))]  # noqa: S311


def test_every_text_of_a_criterion_faces_a_right_wording_that_is_not_itself() -> None:
    bank = Bank(
        item="cache", criterion="grows", met=("More tokens, more cache.",),
        partly=("It changes.",), contradicted=("It shrinks.",), near=("A cache is fast.",),
    )  # fmt: skip
    corpus = Corpus(
        rubrics={"cache": RUBRIC}, answers=(), banks={("cache", "grows"): bank}
    )

    made = drawn(corpus=corpus)
    straight = {(one.said, one.target) for one in made if one.wording == GROWS.says}

    assert (("More tokens, more cache.",), MET) in straight
    assert (("It changes.",), PARTLY) in straight
    assert (("It shrinks.",), CONTRADICTED) in straight
    assert (("It stays the same.",), CONTRADICTED) in straight
    assert (("A cache is fast.",), MISSING) in straight
    # Held against the other criterion of the item, it is likely beside the point.
    other = {one.target for one in made if one.wording == LOST.says}
    assert other == {MISSING, MET, DENIED}  # itself, and itself turned
    # What shuts a wording out is shut out by it.
    back = {(one.wording, one.target) for one in made if one.said == (GROWS.says,)}
    assert ("It shrinks.", CONTRADICTED) in back
    assert ("More tokens, more cache.", SWAPPED_MET) in back
    assert (GROWS.says, MET) in back


def test_every_label_of_a_claim_comes_with_right_wordings_and_with_wrong_ones() -> None:
    made = drawn(claims=(CLAIM,))

    straight = {one.said[0]: one.target for one in made if one.wording == CLAIM.says}
    assert straight["warm air goes up"] == MET
    assert straight["Hot air sinks."] == CONTRADICTED
    assert straight["air fills balloons"] == MISSING
    for wording in ("warm air goes up", "Hot air sinks."):
        found = {one.target for one in made if one.wording == wording}
        assert found >= {MET, CONTRADICTED, MISSING}
    said = {one.target for one in made if one.said == (CLAIM.says,)}
    assert said == {MET, SWAPPED_MET, CONTRADICTED}
    # No word of these can be turned, so wordings are texts of its own.
    assert {one.wording for one in made} <= texts_of(NOTHING, (), [CLAIM])


def test_of_a_whole_answer_only_what_decides_is_faced() -> None:
    def asked(target: tuple[float, ...], where: tuple[int, ...] | None) -> Asked:
        return Asked(
            says="It grows.", references=(), misconceptions=(),
            target=target, sentences=where,  # type: ignore[arg-type]
        )  # fmt: skip

    example = Example(
        item="cache",
        question="What of it?",
        sentences=("Hello.", "More tokens, more cache.", "It helps."),
        asked=(asked(MET, (1, 2)), asked(MISSING, ()), asked(MET, None)),
    )

    made = drawn(located=(example,))

    assert {(one.said, one.target) for one in made} == {
        (("More tokens, more cache.", "It helps."), MET),
        (("Hello.",), MISSING),
    }


def test_short_answers_are_read_with_their_questions_unless_those_are_kept() -> None:
    shorts = [
        ShortAnswer(
            question_id=f"q{k}", question=f"Why does it rise, {k}?",
            references=("It is hot.",), answer="because its warm", score=1.0,
            label="correct",
        )
        for k in range(20)
    ]  # fmt: skip
    learned = [short.question for short in shorts if not is_held(short)]

    made = drawn(shorts=shorts)

    assert {one.question for one in made} == set(learned)
    assert {one.wording for one in made} == {"It is hot."}
    answered = [one for one in made if one.said == ("because its warm",)]
    assert {one.target for one in answered} == {MET}
    # The question itself, held against the wording, makes nothing of it.
    asked_back = [one for one in made if one.said == (one.question,)]
    assert {one.target for one in asked_back} == {MISSING}
    assert len(answered) + len(asked_back) == len(made)
    assert 0 < len(learned) < len(shorts)


def test_of_a_long_short_answer_the_two_nearest_sentences_are_read() -> None:
    short = ShortAnswer(
        question_id="q1", question="", references=("It is hot.",), score=0.0,
        answer="Well now. I think so. It is warm.", label="incorrect",
    )  # fmt: skip

    made = drawn(shorts=[short] * 3)

    assert {one.said for one in made} == {("I think so.", "It is warm.")}
    assert {one.question for one in made} == {None}


def test_claims_are_items_whose_every_text_is_shown_once_with_its_label() -> None:
    more = replace(CLAIM, says="Ice floats.", question="What does ice do?")

    made = as_items([CLAIM] * 5 + [more])

    first, last = made.rubrics.values()
    assert [len(first.criteria), len(last.criteria)] == [5, 1]
    assert last.question == "What does ice do?"
    (item,) = [name for name, rubric in made.rubrics.items() if rubric == last]
    (pieces,) = pieces_of(made, item).values()
    assert sorted((piece.text, piece.target) for piece in pieces) == sorted(
        [
            ("Ice floats.", MET),
            ("warm air goes up", MET),
            ("Hot air sinks.", CONTRADICTED),
            ("warm air goes down", CONTRADICTED),
            ("air moves", PARTLY),
            ("air fills balloons", MISSING),
        ]
    )


def test_claims_stand_beside_the_items_there_are() -> None:
    own = Corpus(rubrics={"cache": RUBRIC}, answers=(), banks={})

    both = own.joined(as_items([CLAIM]))

    assert list(both.rubrics) == ["cache", "claims-0"]
    assert len(both.banks) == 1
    assert set(CLAIM.texts) <= texts_of(both, [])
