"""Measuring on what was kept out of training."""

import threading
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import pytest

from grading.core.calibration import FEATURES
from grading.core.rubric import Criterion, Rubric
from grading.encoder import Read
from grading.management.commands.calibrate_judge import parted
from grading.training import held
from grading.training.calibrate import FAMILIAR_WEIGHT, examples_from
from grading.training.corpus import LabelledAnswer
from grading.training.held import NEIGHBOURS, TableReader, games_for
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


def rubric(*says: str) -> Rubric:
    return Rubric(
        title="T",
        asks="Why?",
        criteria=tuple(Criterion(id=text, says=text) for text in says),
    )


def test_answers_to_a_single_criterion_are_apart_from_the_others() -> None:
    rubrics = {"one": rubric("a"), "more": rubric("a", "b")}
    first, second = labelled("x", "one"), labelled("y", "more")

    assert parted(rubrics, [second, first, second]) == ([first], [second, second])


def test_most_games_are_right_sentences_about_other_items() -> None:
    rubrics = {"one": rubric("a"), "two": rubric("b"), "three": rubric("c")}

    made = games_for(rubrics, ["one"])

    beside = [game for game in made if game.category == "game: neighbouring"]
    assert len(beside) == NEIGHBOURS
    assert len({game.id for game in made}) == len(made)
    assert all("a" not in game.answer for game in beside)
    assert all(set(game.points.values()) == {0.0} for game in made)


@pytest.mark.parametrize(("familiar", "weight"), [(0.0, 1.0), (1.0, FAMILIAR_WEIGHT)])
def test_a_criterion_that_was_learned_counts_more(
    familiar: float, weight: float
) -> None:
    signals = {**dict.fromkeys(FEATURES, 0.5), "familiar": familiar}
    score = SimpleNamespace(criteria=(SimpleNamespace(id="a", signals=signals),))
    answer = replace(labelled("x", "one"), points={"a": 1.0})

    (example,) = examples_from([(answer, score)], lambda _: 1.0)  # type: ignore[list-item]

    assert example.weight == weight


def labelled(name: str, item: str) -> LabelledAnswer:
    return LabelledAnswer(
        id=name, item=item, category="good", answer="x", points={}, score=0.0,
        contradicted=frozenset(), is_complete=True, false_claims=(),
    )  # fmt: skip
