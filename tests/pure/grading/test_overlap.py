"""The share of a right wording's own words that an answer uses."""

import pytest

from grading.core.overlap import in_order, overlap, stems_of, used, words_of


def test_words_of_the_question_count_for_nothing() -> None:
    asked = stems_of("Why does the bulb go out?")
    right = stems_of("The bulb goes out because the path is open")

    assert overlap(stems_of("the bulb goes out"), [right], asked) < 0.4
    assert overlap(stems_of("open path"), [right], asked) > 0.6


def test_the_best_of_several_wordings_counts() -> None:
    wordings = [stems_of("memory grows"), stems_of("cache doubles")]

    assert overlap(stems_of("The cache is doubled"), wordings, frozenset()) == 1.0


def test_a_wording_of_the_question_alone_is_compared_whole() -> None:
    same = stems_of("the bulb")

    assert overlap(same, [same], same) == 1.0
    assert overlap(frozenset(), [frozenset()], same) == 0.0


def test_what_an_answer_adds_of_its_own_counts_against_its_use() -> None:
    asked, right = stems_of("Why does the bulb go out?"), stems_of("the path is open")

    assert used(stems_of("open path"), [right], asked) == 1.0
    assert used(stems_of("the bulb: an open path"), [right], asked) == 1.0
    assert used(stems_of("open path, broken battery"), [right], asked) == 0.5
    assert used(stems_of("bulb"), [right], asked) == 0.0


def test_without_a_question_every_word_of_a_wording_counts() -> None:
    right = [stems_of("the bulb has an open path"), stems_of("no loop")]

    assert overlap(stems_of("a bulb and a path"), right) == 2 / 3
    assert overlap(stems_of("the loop"), right) == 1.0
    assert overlap(frozenset(), right) == 0.0
    assert overlap(stems_of("loop"), [frozenset()]) == 0.0


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        ("The cache grows with the tokens", 1.0),
        ("Well, the cache, they say, grows with all tokens", 1.0),
        ("The tokens grows with the cache", 4 / 6),
        ("tokens the with grows cache the", 3 / 6),
        ("Bees like the cache", 1.0),  # two words tell nothing
        ("", 1.0),
    ],
)
def test_shared_words_stand_in_the_order_of_the_wording_or_not(
    answer: str, share: float
) -> None:
    wordings = [words_of("Memory."), words_of("The cache grows with the tokens.")]

    assert in_order(words_of(answer), wordings) == pytest.approx(share)
