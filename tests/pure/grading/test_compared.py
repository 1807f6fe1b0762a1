"""Answers that differ in one sentence."""

import random

from grading.core.rubric import Criterion, Rubric
from grading.training.compared import MOST_ASKED, compared, echoed
from grading.training.composed import Piece
from grading.training.examples import (
    CONTRADICTED,
    MET,
    SWAPPED_MET,
    TURNED,
    Example,
    Target,
)

LIGHT = Criterion(id="light", says="Hot air weighs less.")
RISES = Criterion(id="rises", says="It goes up.")
RUBRIC = Rubric(title="Air", asks="What of hot air?", criteria=(LIGHT, RISES))
RIGHT, OTHER, WRONG = "Hot air is light.", "Warm gas: thin stuff.", "Hot gas has weight"
TURNED_TEXT = "Hot air is not light."
PIECES = {
    "light": [
        Piece(RIGHT, "light", MET),
        Piece(OTHER, "light", MET),
        Piece(WRONG, "light", CONTRADICTED),
    ],
    "rises": [Piece("It climbs", "rises", CONTRADICTED)],
}


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
        (RIGHT, TURNED_TEXT, CONTRADICTED),
        (TURNED_TEXT, TURNED_TEXT, MET),
        (TURNED_TEXT, RIGHT, CONTRADICTED),
    }


def test_right_turned_and_opposite_are_asked_of_statement_rewording_and_each_other() -> (
    None
):
    made = [
        e
        for seed in range(200)
        for e in compared(RUBRIC, PIECES, random.Random(seed))  # noqa: S311
    ]
    found = labels(made)

    assert {t for said, asked, t in found if (said, asked) == (RIGHT, LIGHT.says)} == {
        MET
    }
    assert (RIGHT, OTHER, SWAPPED_MET) in found
    assert (RIGHT, RIGHT, MET) in found
    assert (RIGHT, WRONG, CONTRADICTED) in found
    assert (TURNED_TEXT, LIGHT.says, TURNED) in found
    assert (TURNED_TEXT, OTHER, TURNED) in found
    assert (TURNED_TEXT, RIGHT, CONTRADICTED) in found
    assert (WRONG, LIGHT.says, CONTRADICTED) in found
    assert (WRONG, RIGHT, CONTRADICTED) in found
    assert (WRONG, WRONG, MET) in found
    # What is opposite and what is turned may well agree.
    assert not {(WRONG, TURNED_TEXT), (TURNED_TEXT, WRONG)} & {
        (said, asked) for said, asked, _ in found
    }
    assert max(len(example.asked) for example in made) == MOST_ASKED


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
