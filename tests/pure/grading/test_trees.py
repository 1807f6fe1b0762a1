"""Stored trees say what the fitted ones said, and broken ones are refused."""

import json

import numpy as np
import pytest

from grading.core.trees import trees_from
from grading.training.calibrate import Shape, as_stored, boosted

CHANCE = np.random.default_rng(0)
ROWS = CHANCE.standard_normal((400, 3))
EVEN = np.ones(len(ROWS))


def shape(**raises: int) -> Shape:
    return Shape(names=("x", "y", "z"), trees=30, leaves=8, raises=raises)


def test_stored_trees_say_what_the_fitted_ones_said() -> None:
    bent = ROWS[:, 0] + ROWS[:, 1] ** 2
    models = [boosted(ROWS, bent > least, EVEN, shape()) for least in (0, 1)]

    stored = json.loads(json.dumps(as_stored(models)))
    found = np.array([trees_from(stored, outputs=2, features=3)(row) for row in ROWS])

    wanted = np.stack([model.decision_function(ROWS) for model in models], axis=1)
    assert found.shape == (len(ROWS), 2)
    assert np.abs(found - wanted).max() < 1e-3


def test_what_may_only_raise_never_lowers() -> None:
    falls_then_rises = ROWS[:, 0] ** 2 > 0.5
    free, bound = (
        boosted(ROWS, falls_then_rises, EVEN, shape(**raises))
        for raises in ({}, {"x": 1})
    )
    ladder = np.zeros((50, 3))
    ladder[:, 0] = np.linspace(-3, 3, 50)

    assert (np.diff(free.decision_function(ladder)) < 0).any()
    assert (np.diff(bound.decision_function(ladder)) >= 0).all()


def stump(**changes: object) -> dict[str, object]:
    return {
        "roots": [[0]],
        "feature": [1, -1, -1],
        "threshold": [0.5, 0, 0],
        "left": [1, 0, 0],
        "right": [2, 0, 0],
        "value": [0, -1.5, 2.5],
        **changes,
    }


@pytest.mark.parametrize(("value", "said"), [(0.5, -1.5), (0.51, 2.5)])
def test_a_value_of_at_most_the_threshold_goes_left(value: float, said: float) -> None:
    assert trees_from(stump(), outputs=1, features=2)(np.array([9.0, value])) == said


@pytest.mark.parametrize(
    "changes",
    [
        {"left": [0, 0, 0]},
        {"right": [7, 0, 0]},
        {"value": [0.0]},
        {"roots": [[-1]]},
        {"roots": [[3]]},
        {"roots": [0]},
        {"roots": [[0], [0]]},
        {"feature": [2, -1, -1]},
        {"feature": [-2, -1, -1]},
    ],
)
def test_trees_that_are_not_whole_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not whole"):
        trees_from(stump(**changes), outputs=1, features=2)
