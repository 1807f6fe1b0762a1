"""Flipping claims by general words of English."""

import pytest

from grading.training.games import flipped


@pytest.mark.parametrize(
    ("said", "turned"),
    [
        ("It does not help.", "It does help."),
        ("You can't skip it.", "You will skip it."),
        ("The cache is larger.", "The cache is smaller."),
        ("Decode is bound by memory.", "Decode is not bound by memory."),
        ("Measure first. Then it is faster.", "Measure first. Then it is slower."),
    ],
)
def test_every_claim_is_turned_round_once(said: str, turned: str) -> None:
    assert flipped(said) == turned
