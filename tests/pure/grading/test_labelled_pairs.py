"""Texts held against themselves."""

import random

from grading.training.examples import CONTRADICTED, MET
from grading.training.labelled_pairs import LONGEST, echoes


def drawn(*texts: str) -> set[tuple[str, str, bool]]:
    made = [one for seed in range(20) for one in echoes(texts, random.Random(seed))]  # noqa: S311
    assert {one.target for one in made} <= {MET, CONTRADICTED}
    assert all(len(one.said) == 1 for one in made)
    return {(one.wording, one.said[0], one.target == MET) for one in made}


def test_a_text_is_what_it_says_and_not_its_turned_self() -> None:
    assert drawn("Hot air is light.") == {
        ("Hot air is light.", "Hot air is light.", True),
        ("Hot air is light.", "Hot air is not light.", False),
        ("Hot air is not light.", "Hot air is not light.", True),
        ("Hot air is not light.", "Hot air is light.", False),
    }


def test_turned_texts_come_as_often_as_right_ones() -> None:
    made = echoes(["Hot air is light."] * 50, random.Random(1))  # noqa: S311

    assert 2 * sum(one.target == MET for one in made) == len(made)


def test_what_cannot_be_turned_is_left_out_as_are_long_texts_and_several_sentences() -> (
    None
):
    long = f"It is so{' and so' * LONGEST}."
    assert drawn("Hot air rises.", "It is hot. It is light.", long) == set()
    assert len(echoes(["Hot air rises.", ""], random.Random(1), every=True)) == 1  # noqa: S311
