"""Fits the calibration on answers to items that the judge has not seen."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from grading.core.calibration import FEATURES, LEVELS, features
from grading.core.score import Score
from grading.training.corpus import LabelledAnswer

REGULARISATION = 0.3  # inverse strength, as scikit-learn has it; not tuned


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
) -> list[Example]:
    """Give the examples of scored, labelled answers; scores keep their signals."""
    return [
        Example(
            item=answer.item,
            row=features(criterion.signals),
            credit=answer.points[criterion.id],
            contradicted=_against(answer, criterion.id),
            weight=weight_of(answer),
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


def fit_calibration(examples: Sequence[Example]) -> dict[str, Any]:
    """Fit both models and give them as JSON, with how sure the scores were."""
    rows = np.stack([example.row for example in examples])
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale < 1e-6] = 1.0
    scaled = (rows - mean) / scale
    levels = np.array([LEVELS.index(example.credit) for example in examples])
    weights = np.array([example.weight for example in examples])
    told = [k for k, e in enumerate(examples) if e.contradicted is not None]
    against = np.array([bool(examples[k].contradicted) for k in told])
    return {
        "features": list(FEATURES),
        "mean": mean.tolist(),
        "scale": scale.tolist(),
        "credit": _levels_model(scaled, levels, weights).tolist(),
        "contradicted": _two_way_model(scaled[told], against, weights[told]).tolist(),
        "review_below": 0.0,
        "examples": len(examples),
        "items": len({example.item for example in examples}),
    }


def _levels_model(
    rows: npt.NDArray[np.float64],
    levels: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=REGULARISATION, max_iter=2000).fit(
        rows, levels, sample_weight=weights
    )
    return np.concatenate([model.coef_, model.intercept_[:, None]], axis=1)


def _two_way_model(
    rows: npt.NDArray[np.float64],
    yes: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=REGULARISATION, max_iter=2000).fit(
        rows, yes, sample_weight=weights
    )
    return np.append(model.coef_[0], model.intercept_[0])


def write_calibration(path: Path, fitted: Mapping[str, Any]) -> None:
    """Store what was fitted."""
    path.write_text(json.dumps(fitted, indent=1) + "\n", "utf-8")
