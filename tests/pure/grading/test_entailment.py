"""Public pairs of a premise and what may follow from it."""

import json
import zipfile
from pathlib import Path

import pytest

from grading.training.corpus import Claim
from grading.training.entailment import (
    LEXICAL,
    OPEN,
    TABLES,
    load_entailment,
    texts_to_echo,
    without_some,
)
from grading.training.examples import CONTRADICTED, MET


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, (path, encoding, separator, names) in enumerate(TABLES):
        rows = [
            (f"Air {number} is hot.", "“Warm” air", "entailment"),
            (f"Air {number} is hot.", "Air is cold.", "contradiction"),
            (f"Air {number} is hot.", "Air is wet.", "neutral"),
            (f"Air {number} is hot.", "Air is odd.", "-"),
            (f"Air {number} is hot.", "long " * 100, "neutral"),
        ]
        lines = [separator.join(row) for row in [tuple(names.split()), *rows]]
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("\n".join(lines), encoding)
    archive, member = LEXICAL
    (tmp_path / archive).parent.mkdir()
    entry = {"sentence1": "Tea.", "sentence2": "Milk.", "gold_label": "contradiction"}
    with zipfile.ZipFile(tmp_path / archive, "w") as zipped:
        zipped.writestr(member, json.dumps(entry) + "\n")
    return tmp_path


def test_a_premise_is_said_and_a_hypothesis_is_the_wording(folder: Path) -> None:
    found = {(p.said, p.wording): p.target for p in load_entailment(folder)}

    assert found[("Air 0 is hot.",), '"Warm" air'] == MET
    assert found[("Air 0 is hot.",), "Air is cold."] == CONTRADICTED
    assert found[("Air 0 is hot.",), "Air is wet."] == OPEN
    assert found[("Tea.",), "Milk."] == CONTRADICTED
    # Neither what raters could not agree on nor what is too long.
    assert len(found) == 3 * len(TABLES) + 1


def test_a_set_that_is_not_there_is_named(folder: Path) -> None:
    (folder / TABLES[0][0]).unlink()

    with pytest.raises(OSError, match="mnli"):
        load_entailment(folder)


def test_no_premise_is_both_learned_and_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grading.training.entailment.KEPT", 5)
    pairs = load_entailment(folder)

    learned, kept = without_some(pairs, seed=1)

    assert len(kept) >= 5
    assert len(learned) + len(kept) == len(pairs)
    assert not {p.said for p in learned} & {p.said for p in kept}


def test_half_made_points_are_not_echoed() -> None:
    claim = Claim(
        question="Why?", says="a", same=("b",), opposite=("c",), partly=("d",),
        beside=("e",),
    )  # fmt: skip

    assert texts_to_echo([claim]) == ["a", "b", "c", "e"]
