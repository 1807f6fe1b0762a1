"""What says nothing to a wording is shown beside what does."""

import random

from grading.training import beside as module
from grading.training.beside import beside
from grading.training.examples import CONTRADICTED, MET, MISSING
from grading.training.labelled_pairs import LabelledPair

AIR = LabelledPair(
    wording="Hot air rises because it is lighter than cold air.",
    said=("warm air goes up",),
    target=MET,
    question="What does hot air do? Say why.",
    weight=0.5,
)
CACHE = LabelledPair(
    wording="The cache grows with every token that is kept.",
    said=("It stays the same.",),
    target=CONTRADICTED,
    question="How does the cache grow?",
)


def shown(*pairs: LabelledPair, seed: int = 0) -> list[LabelledPair]:
    return beside(pairs * 400, random.Random(seed))  # noqa: S311


def test_whatever_is_beside_makes_nothing_of_the_wording() -> None:
    made = shown(AIR, CACHE)

    assert made
    assert {one.target for one in made} == {MISSING}
    assert {one.weight for one in made} == {1.0}
    assert {one.wording for one in made} == {AIR.wording, CACHE.wording}
    assert all(one.said for one in made)


def test_the_own_words_come_in_another_order() -> None:
    own = sorted(AIR.wording.strip(".").split())

    found = [one for one in shown(AIR) if sorted(" ".join(one.said).split()) == own]

    assert len(found) > 5
    assert len({one.said for one in found}) > 5


def test_strangers_are_of_another_question() -> None:
    said = {one.said for one in shown(AIR, CACHE) if one.wording == AIR.wording}

    assert CACHE.said in said
    assert AIR.said not in said


def test_the_question_comes_back_at_most_two_sentences_at_a_time() -> None:
    said = [one.said for one in shown(AIR)]

    assert ("What does hot air do?", "Say why.") in said


def test_few_words_make_sense_in_any_order() -> None:
    short = LabelledPair(wording="Air rises fast.", said=("It does.",), target=MET)

    assert shown(short) == []


def test_how_much_is_beside_stays_small() -> None:
    shares = module.NONSENSE_SHARE + module.STRANGER_SHARE + module.QUESTION_SHARE

    assert len(shown(AIR, CACHE)) <= 1.2 * shares * 800
