"""Answers that differ in one sentence."""

import random
from collections import Counter

import pytest

from grading.core.rubric import Criterion, Rubric
from grading.training.compared import compared, echoed
from grading.training.composed import Piece
from grading.training.examples import (
    CONTRADICTED,
    DENIED,
    MET,
    SWAPPED_MET,
    TURNED,
    Example,
    Target,
)

LIGHT = Criterion(id="light", says="Hot air weighs less.")
RISES = Criterion(id="rises", says="It goes up.")
RUBRIC = Rubric(title="Air", asks="What of hot air?", criteria=(LIGHT, RISES))
RIGHT, OTHER, WRONG = (
    "Hot air is light.",
    "Warm gas: thin stuff.",
    "Hot gas has weight.",
)
TURNED_TEXT = "Hot air is not light."
PIECES = {
    "light": [
        Piece(RIGHT, "light", MET),
        Piece(OTHER, "light", MET),
        Piece(WRONG, "light", CONTRADICTED),
    ],
    "rises": [Piece("It climbs", "rises", CONTRADICTED)],
}


@pytest.fixture(autouse=True)
def _nothing_nudged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grading.training.nudges.NUDGED_SHARE", 0)


def labels(made: list[Example]) -> set[tuple[str, str, Target]]:
    """Give (sentence that decides, wording, target) of everything that is asked."""
    found = set()
    for example in made:
        for asked in example.asked:
            assert asked.sentences is not None
            (place,) = asked.sentences
            found.add((example.sentences[place], asked.says, asked.target))
    return found


def test_a_text_says_what_it_says_and_denies_its_turned_self() -> None:
    made = [
        e
        for seed in range(60)
        for e in echoed(RUBRIC, PIECES, random.Random(seed))  # noqa: S311
    ]

    assert labels(made) == {
        (RIGHT, RIGHT, MET),
        (RIGHT, TURNED_TEXT, DENIED),
        (TURNED_TEXT, TURNED_TEXT, MET),
        (TURNED_TEXT, RIGHT, DENIED),
    }


def test_right_turned_and_opposite_are_asked_of_the_criterion_and_of_a_text() -> None:
    made = [
        e
        for seed in range(200)
        for e in compared(RUBRIC, PIECES, random.Random(seed))  # noqa: S311
    ]

    assert labels(made) == {
        (RIGHT, LIGHT.says, MET),
        (RIGHT, OTHER, SWAPPED_MET),
        (RIGHT, TURNED_TEXT, DENIED),
        (RIGHT, WRONG, CONTRADICTED),
        (TURNED_TEXT, LIGHT.says, TURNED),
        (TURNED_TEXT, OTHER, TURNED),
        (TURNED_TEXT, TURNED_TEXT, MET),
        (WRONG, LIGHT.says, CONTRADICTED),
        (WRONG, OTHER, CONTRADICTED),
        (WRONG, WRONG, MET),
    } | {
        # Where the other right text was drawn, which cannot be turned.
        (OTHER, LIGHT.says, MET),
        (OTHER, RIGHT, SWAPPED_MET),
        (OTHER, WRONG, CONTRADICTED),
        (WRONG, RIGHT, CONTRADICTED),
    }


def test_what_was_turned_by_hand_is_not_turned_by_rule() -> None:
    by_hand = Piece(RIGHT, "light", MET, turned=("Hot air is leaden.",))
    pieces = {**PIECES, "light": [by_hand]}

    made = [
        e
        for seed in range(60)
        for e in compared(RUBRIC, pieces, random.Random(seed))  # noqa: S311
    ]

    assert labels(made) == {
        (RIGHT, LIGHT.says, MET),
        (RIGHT, "Hot air is leaden.", CONTRADICTED),
        ("Hot air is leaden.", LIGHT.says, CONTRADICTED),
        ("Hot air is leaden.", "Hot air is leaden.", MET),
    }


def test_no_text_gives_its_label_away() -> None:
    met: Counter[str] = Counter()
    for seed in range(300):
        for example in compared(RUBRIC, PIECES, random.Random(seed)):  # noqa: S311
            (place,) = example.asked[0].sentences or ()
            agreed = [asked.target in (MET, SWAPPED_MET) for asked in example.asked]
            assert sorted(agreed) == [False, True]
            met[example.sentences[place]] += 1
    assert set(met) == {RIGHT, OTHER, TURNED_TEXT, WRONG}


def test_the_answers_of_one_draw_differ_in_a_single_sentence() -> None:
    for seed in range(30):
        made = compared(RUBRIC, PIECES, random.Random(seed))  # noqa: S311
        lengths = {len(example.sentences) for example in made}
        assert len(lengths) == 1
        for place in range(lengths.pop()):
            told = {example.sentences[place] for example in made}
            assert len(told) == 1 or len(told) == len(made)


def test_without_a_right_text_there_is_nothing_to_compare() -> None:
    bare = {"light": [], "rises": PIECES["rises"]}

    assert compared(RUBRIC, bare, random.Random(1)) == []  # noqa: S311
    assert echoed(RUBRIC, bare, random.Random(1)) == []  # noqa: S311
