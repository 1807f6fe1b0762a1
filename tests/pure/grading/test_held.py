"""Measuring on what was kept out of training."""

import threading
from dataclasses import dataclass, field

import numpy as np
import pytest

from grading.encoder import Read
from grading.training import held
from grading.training.corpus import LabelledAnswer
from grading.training.held import TableReader
from grading.training.texts import TextTable


@dataclass
class CountingEncoder:
    """Gives every text its length, and counts how often it was asked for each."""

    asked: list[str] = field(default_factory=list)

    def read(self, sentences: list[str]) -> Read:
        self.asked += sentences
        return Read(
            vectors=np.array([[len(s)] for s in sentences], dtype=np.float32),
            states=tuple(np.full((2, 1), len(s), np.float32) for s in sentences),
        )


def test_many_at_once_read_every_text_once_and_each_gets_its_own() -> None:
    encoder = CountingEncoder()
    reader = TableReader(TextTable(encoder))  # type: ignore[arg-type]
    texts = ["a" * k for k in range(1, 60)]
    found: list[Read] = []

    def read() -> None:
        found.append(reader.read(texts))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(encoder.asked) == sorted(texts)
    assert all(read.vectors[:, 0].tolist() == [*range(1, 60)] for read in found)
    assert all(read.states[5][0, 0] == 6 for read in found)


def test_figures_by_folds_keep_their_order_and_never_saw_the_item(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pairs = [(labelled(f"a{k}", f"item-{k % 7}"), object()) for k in range(30)]
    fitted_on: list[set[str]] = []
    decided: dict[str, set[str]] = {}

    def fit(items: list[str]) -> set[str]:
        fitted_on.append(set(items))
        return fitted_on[-1]

    def again(scored: list[tuple[LabelledAnswer, object]], fitted: set[str]) -> object:
        decided.update({answer.id: fitted for answer, _ in scored})
        return scored

    monkeypatch.setattr(
        held, "examples_from", lambda scored, *_: [Named(a.item) for a, _ in scored]
    )
    monkeypatch.setattr(
        held, "fit_calibration", lambda examples, _: fit([e.item for e in examples])
    )
    monkeypatch.setattr(held, "recalibrated", again)

    found = held.cross_calibrated(pairs)  # type: ignore[arg-type]

    assert found == pairs
    assert all(answer.item not in decided[answer.id] for answer, _ in pairs)


@dataclass
class Named:
    """All that the folds look at."""

    item: str


def labelled(name: str, item: str) -> LabelledAnswer:
    return LabelledAnswer(
        id=name, item=item, category="good", answer="x", points={}, score=0.0,
        contradicted=frozenset(), is_complete=True, false_claims=(),
    )  # fmt: skip
