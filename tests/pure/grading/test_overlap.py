"""The share of a right wording's own words that an answer uses."""

from grading.core.overlap import overlap, stems_of, used


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
