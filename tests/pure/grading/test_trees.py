"""Stored trees say what the fitted ones said, and broken ones are refused."""

import json

import numpy as np
import pytest

from grading.core.trees import trees_from
from grading.training.calibrate import as_stored, boosted

CHANCE = np.random.default_rng(0)
ROWS = CHANCE.standard_normal((400, 3))


@pytest.mark.parametrize("outputs", [1, 3])
def test_stored_trees_say_what_the_fitted_ones_said(outputs: int) -> None:
    labels = (ROWS[:, 0] + ROWS[:, 1] ** 2 > 0).astype(int)
    if outputs == 3:
        labels += ROWS[:, 2] > 0.5
    model = boosted(ROWS, labels, np.ones(len(ROWS)))

    stored = json.loads(json.dumps(as_stored(model)))
    found = np.array(
        [trees_from(stored, outputs=outputs, features=3)(row) for row in ROWS]
    )

    wanted = model.decision_function(ROWS).reshape(len(ROWS), -1)
    assert found.shape == (len(ROWS), outputs)
    # A value that lies on a threshold may go either way: thresholds are rounded.
    assert (np.abs(found - wanted).max(axis=1) < 1e-3).mean() > 0.98


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
