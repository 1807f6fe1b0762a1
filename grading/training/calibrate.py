"""Fits the calibration on answers that neither network has seen."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grading.core.calibration import FEATURES, LEVELS, SHORT_FEATURES, features
from grading.core.score import Score
from grading.core.trees import LEAF
from grading.training.corpus import LabelledAnswer

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

STEP, LEAST_EXAMPLES = 0.08, 40
ASKED_SHARE = 0.6  # of features to a node
# What may only raise credit, or only lower it, all else as it is: trees that are free
# learn what is peculiar to the sets they see and take it to the next one
# (docs/decisions/0016-what-can-only-raise-credit.md).
RAISES: Mapping[str, int] = {
    "judge_missing": -1, "judge_met": 1, "judge_contradicted": -1,
    "close_missing": -1, "close_met": 1, "close_contradicted": -1,
    # Whoever lists terms may well make a point, but not by listing them.
    "listing": -1,
}  # fmt: skip
# The same of the chance that a point is stated the wrong way round.
RAISES_AGAINST: Mapping[str, int] = {
    "judge_met": -1, "judge_contradicted": 1,
    "close_met": -1, "close_contradicted": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How trees are grown; chosen by folds over items left out.

    Attributes:
        names: Of the features that they ask.
        trees: How many.
        leaves: Of each, at most.
        raises: By feature, 1 for what may only raise credit, -1 for what may only lower it.
    """

    names: tuple[str, ...]
    trees: int
    leaves: int
    raises: Mapping[str, int]


WHOLE = Shape(names=FEATURES, trees=120, leaves=8, raises=RAISES)
FACT = Shape(  # of rubrics of a single criterion
    names=SHORT_FEATURES,
    trees=60,
    leaves=12,
    raises={
        **RAISES,
        "reference": 1,
        "overlap": 1,
        "used": 1,
        "covered": 1,
        "in_order": 1,
    },
)
DIGITS = 5
# How much a criterion counts that the judge learned from: there are few of them here,
# and scores of the bundled items go by them.
FAMILIAR_WEIGHT = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One criterion of one labelled answer.

    Attributes:
        item: Whose fold it belongs to.
        row: (features,) as calibration reads them.
        credit: The label: 0, 0.5 or 1.
        contradicted: The label; None where it was not given.
        weight: How much it counts beside the others.
    """

    item: str
    row: npt.NDArray[np.float64]
    credit: float
    contradicted: bool | None
    weight: float


def examples_from(
    answers: Iterable[tuple[LabelledAnswer, Score]],
    weight_of: Callable[[LabelledAnswer], float],
    names: Sequence[str] = FEATURES,
) -> list[Example]:
    """Give the examples of scored, labelled answers; scores keep their signals."""
    return [
        Example(
            item=answer.item,
            row=features(criterion.signals, names),
            credit=answer.points[criterion.id],
            contradicted=_against(answer, criterion.id),
            weight=weight_of(answer)
            * (FAMILIAR_WEIGHT if criterion.signals["familiar"] else 1),
        )
        for answer, score in answers
        for criterion in score.criteria
        if criterion.id in answer.points
    ]


def _against(answer: LabelledAnswer, criterion: str) -> bool | None:
    """Say whether a criterion is contradicted; None where the labels leave it open."""
    if criterion in answer.contradicted:
        return True
    if answer.is_complete or answer.points[criterion] > 0:
        return False
    return None


def fit_calibration(
    examples: Sequence[Example], shape: Shape = WHOLE
) -> dict[str, Any]:
    """Fit the models and give them as JSON.

    Args:
        examples: Of the features that the shape names.
        shape: How trees are grown.
    """
    rows = np.stack([example.row for example in examples])
    credit = np.array([example.credit for example in examples])
    weights = np.array([example.weight for example in examples])
    told = [k for k, e in enumerate(examples) if e.contradicted is not None]
    against = np.array([bool(examples[k].contradicted) for k in told])
    opposed = replace(shape, raises=RAISES_AGAINST)
    return {
        "features": list(shape.names),
        "mean": rows.mean(axis=0).round(DIGITS).tolist(),
        "credit": as_stored(
            [boosted(rows, credit >= least, weights, shape) for least in LEVELS[1:]]
        ),
        "contradicted": as_stored(
            [boosted(rows[told], against, weights[told], opposed)]
        ),
        "review_below": 0.0,
        "examples": len(examples),
        "items": len({example.item for example in examples}),
    }


def boosted(
    rows: npt.NDArray[np.float64],
    labels: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64],
    shape: Shape,
) -> "HistGradientBoostingClassifier":
    """Fit trees.

    Args:
        rows: (examples, features).
        labels: (examples,) yes and no; each at least once.
        weights: (examples,) how much each counts.
        shape: How the trees are grown, and what may only speak for a yes.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        random_state=0, max_iter=shape.trees, learning_rate=STEP, early_stopping=False,
        max_leaf_nodes=shape.leaves, min_samples_leaf=LEAST_EXAMPLES,
        max_features=ASKED_SHARE,
        monotonic_cst=[shape.raises.get(name, 0) for name in shape.names],
    ).fit(rows, labels, sample_weight=weights)  # fmt: skip


def as_stored(models: Sequence["HistGradientBoostingClassifier"]) -> dict[str, Any]:
    """Give fitted trees as :func:`grading.core.trees.trees_from` reads them.

    Args:
        models: One for each output, all with as many trees.
    """
    parts: dict[str, list[Any]] = {
        "feature": [], "threshold": [], "left": [], "right": [], "value": [],
    }  # fmt: skip
    roots: list[list[int]] = []
    for model in models:
        # Where they start from, as a tree of one leaf. There is no public way to either.
        roots.append([_add(parts, **_leaf(float(model._baseline_prediction[0, 0])))])
        for (predictor,) in model._predictors:
            nodes = predictor.nodes
            at, is_leaf = len(parts["feature"]), nodes["is_leaf"].astype(bool)
            roots[-1].append(
                _add(
                    parts,
                    feature=np.where(is_leaf, LEAF, nodes["feature_idx"]),
                    threshold=np.where(is_leaf, 0, nodes["num_threshold"]),
                    left=np.where(is_leaf, 0, nodes["left"].astype(int) + at),
                    right=np.where(is_leaf, 0, nodes["right"].astype(int) + at),
                    value=np.where(is_leaf, nodes["value"], 0),
                )
            )
    return {"roots": roots, **parts}


def _leaf(value: float) -> dict[str, npt.NDArray[Any]]:
    none = np.zeros(1, dtype=int)
    return {
        "feature": np.array([LEAF]),
        "threshold": none,
        "left": none,
        "right": none,
        "value": np.array([value]),
    }


def _add(parts: dict[str, list[Any]], **nodes: npt.NDArray[Any]) -> int:
    """Add the nodes of a tree; gives the place of the first."""
    at = len(parts["feature"])
    for name, values in nodes.items():
        # A threshold may be the very value of an example, which has to stay on its side.
        exact = values if name == "threshold" else values.round(DIGITS)
        parts[name] += exact.tolist()
    return at


def write_calibration(path: Path, fitted: Mapping[str, Any]) -> None:
    """Store what was fitted."""
    path.write_text(json.dumps(fitted, separators=(",", ":")) + "\n", "utf-8")
