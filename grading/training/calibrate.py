"""Fits the calibration on answers that neither network has seen."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grading.core.calibration import FEATURES, LEVELS, features
from grading.core.score import Score
from grading.core.trees import LEAF
from grading.training.corpus import LabelledAnswer

if TYPE_CHECKING:
    from sklearn.ensemble import GradientBoostingClassifier

# The trees of both models; chosen by folds over items left out.
TREES, STEP = 60, 0.08
MOST_LEAVES, LEAST_EXAMPLES = 12, 40
SHOWN_SHARE, ASKED_SHARE = 0.7, 0.6  # of examples to a tree, of features to a node
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
    examples: Sequence[Example], names: Sequence[str] = FEATURES
) -> dict[str, Any]:
    """Fit both models on features of these names and give them as JSON."""
    rows = np.stack([example.row for example in examples])
    levels = np.array([LEVELS.index(example.credit) for example in examples])
    weights = np.array([example.weight for example in examples])
    told = [k for k, e in enumerate(examples) if e.contradicted is not None]
    against = np.array([bool(examples[k].contradicted) for k in told])
    return {
        "features": list(names),
        "mean": rows.mean(axis=0).round(DIGITS).tolist(),
        "credit": as_stored(boosted(rows, levels, weights)),
        "contradicted": as_stored(boosted(rows[told], against, weights[told])),
        "review_below": 0.0,
        "examples": len(examples),
        "items": len({example.item for example in examples}),
    }


def boosted(
    rows: npt.NDArray[np.float64],
    labels: npt.NDArray[Any],
    weights: npt.NDArray[np.float64],
) -> "GradientBoostingClassifier":
    """Fit trees.

    Args:
        rows: (examples, features).
        labels: (examples,) levels, or yes and no; each at least once.
        weights: (examples,) how much each counts.
    """
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(
        init="zero", random_state=0, n_estimators=TREES, learning_rate=STEP,
        max_leaf_nodes=MOST_LEAVES, max_depth=None, min_samples_leaf=LEAST_EXAMPLES,
        subsample=SHOWN_SHARE, max_features=ASKED_SHARE,
    ).fit(rows, labels, sample_weight=weights)  # fmt: skip


def as_stored(model: "GradientBoostingClassifier") -> dict[str, Any]:
    """Give fitted trees as :func:`grading.core.trees.trees_from` reads them."""
    parts: dict[str, list[Any]] = {
        "feature": [], "threshold": [], "left": [], "right": [], "value": [],
    }  # fmt: skip
    roots: list[list[int]] = []
    for output in model.estimators_.T:
        roots.append([])
        for estimator in output:
            tree, at = estimator.tree_, len(parts["feature"])
            leaf = tree.children_left < 0
            roots[-1].append(at)
            parts["feature"] += np.where(leaf, LEAF, tree.feature).tolist()
            parts["threshold"] += (
                np.where(leaf, 0, tree.threshold).round(DIGITS).tolist()
            )
            parts["left"] += np.where(leaf, 0, tree.children_left + at).tolist()
            parts["right"] += np.where(leaf, 0, tree.children_right + at).tolist()
            added = np.where(leaf, STEP * tree.value[:, 0, 0], 0)
            parts["value"] += added.round(DIGITS).tolist()
    return {"roots": roots, **parts}


def write_calibration(path: Path, fitted: Mapping[str, Any]) -> None:
    """Store what was fitted."""
    path.write_text(json.dumps(fitted, separators=(",", ":")) + "\n", "utf-8")
