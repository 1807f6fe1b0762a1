"""Small changes that leave a claim as it is."""

import random

from grading.training.games import turned
from grading.training.nudges import nudged

TEXT = "The cache grows because every token's keys are kept."


def all_of(text: str, times: int = 300) -> set[str]:
    return {nudged(text, random.Random(seed)) for seed in range(times)}  # noqa: S311


def test_other_words_slips_and_what_stands_before_or_after() -> None:
    found = all_of(TEXT)

    assert "The cache grows since every token's keys are kept." in found
    assert "cache grows because every token's keys are kept." in found
    assert "I think the cache grows because every token's keys are kept." in found
    assert "The cache grows because every token's keys are kept, in practice." in found
    assert any("becuase" in text or "beacuse" in text for text in found)


def test_it_is_never_what_turning_makes_of_it() -> None:
    for text in (TEXT, "It isn't slow.", "Never keep all of the large ones."):
        other = {turned(text, random.Random(seed)) for seed in range(200)}  # noqa: S311
        assert other.isdisjoint(all_of(text))


def test_a_text_without_a_long_word_can_be_nudged_too() -> None:
    assert all(all_of("It is so"))
