"""Texts held against themselves."""

import random
from collections import Counter

import pytest

from grading.training.examples import DENIED, MET
from grading.training.labelled_pairs import LONGEST, LabelledPair, echoes

TEXT, TURNED = "Hot air is light.", "Hot air is not light."


def made(*texts: str, every: bool = False) -> list[LabelledPair]:
    return [
        one
        for seed in range(40)
        for one in echoes(texts, random.Random(seed), every=every)  # noqa: S311
    ]


def test_a_text_is_what_it_says_and_not_its_turned_self(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("grading.training.nudges.NUDGED_SHARE", 0)

    assert {(one.wording, one.said, one.target) for one in made(TEXT)} == {
        (TEXT, (TEXT,), MET),
        (TEXT, (TURNED,), DENIED),
        (TURNED, (TURNED,), MET),
        (TURNED, (TEXT,), DENIED),
    }


def test_neither_side_gives_the_label_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grading.training.nudges.NUDGED_SHARE", 0)
    pairs = made(TEXT)

    for side in ("wording", "said"):
        met = Counter(getattr(one, side) for one in pairs if one.target == MET)
        denied = Counter(getattr(one, side) for one in pairs if one.target == DENIED)
        assert met == denied


def test_what_is_nearly_itself_is_itself_and_a_nudge_tells_nothing() -> None:
    pairs = made(TEXT)
    nudged = [one for one in pairs if one.said[0] not in (TEXT, TURNED)]

    assert 0.3 < len(nudged) / len(pairs) < 0.6
    met = sum(one.target == MET for one in nudged) / len(nudged)
    assert 0.35 < met < 0.65


def test_what_cannot_be_turned_is_left_out_as_are_long_texts_and_several_sentences() -> (
    None
):
    long = f"It is so{' and so' * LONGEST}."
    texts = ("Hot air rises.", "It is hot. It is light.", long, "")

    assert made(*texts) == []
    assert {one.wording for one in made(*texts, every=True)} == set(texts[:3])
    assert {one.target for one in made(*texts, every=True)} == {MET}
