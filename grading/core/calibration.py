"""From named signals to the credit a careful person would give.

Two logistic models (Cox 1958), fitted by ``manage.py calibrate_judge`` on answers to
items that the judge had not seen, and stored as JSON: one for three levels of credit
(0, a half, 1), one for whether the point is contradicted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

LEVELS = (0.0, 0.5, 1.0)
FEATURES = (
    "judge_missing", "judge_partly", "judge_met", "judge_contradicted",
    "points_nowhere", "reference", "misconception", "margin", "keywords_sentence",
    "keywords_answer", "overlap", "prose", "density", "listing", "has_references",
    "has_keywords",
)  # fmt: skip


_LOG_ODDS = frozenset(FEATURES[:5])  # chances, which are compared by their log odds
_LEAST_CHANCE = 0.002


def features(signals: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Give (features,) as the models read them: chances as log odds."""
    row = []
    for name in FEATURES:
        value = signals[name]
        if name in _LOG_ODDS:
            chance = min(max(value, _LEAST_CHANCE), 1 - _LEAST_CHANCE)
            value = float(np.log(chance / (1 - chance)))
        row.append(value)
    return np.array(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The fitted numbers.

    Attributes:
        mean: (features,) taken off each feature first.
        scale: (features,) each is divided by next.
        credit: (3, features + 1) weights and bias for each level of credit.
        contradicted: (features + 1,) weights and bias.
        review_below: Scores less sure than this are marked for a person.
        bare: The numbers for criteria without keywords, whose signals mean
            other things; None uses these for all.
    """

    mean: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    credit: npt.NDArray[np.float64]
    contradicted: npt.NDArray[np.float64]
    review_below: float
    bare: "Calibration | None" = None

    def judge(
        self, signals: Mapping[str, float], without: frozenset[str] = frozenset()
    ) -> "Judgement":
        """Give credit and chance of contradiction for one criterion's signals.

        Args:
            signals: By name.
            without: Signals that are to say nothing, to measure what they are worth.
        """
        if self.bare is not None and not signals["has_keywords"]:
            return self.bare.judge(signals, without)
        own = (features(signals) - self.mean) / self.scale
        own[[name in without for name in FEATURES]] = 0.0
        row = np.append(own, 1.0)
        logits = self.credit @ row
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        against = 1 / (1 + np.exp(-float(self.contradicted @ row)))
        return Judgement(
            credit=float(shares @ np.array(LEVELS)),
            contradicted=float(against),
            doubt=float(1 - shares.max()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What calibration says of one criterion.

    Attributes:
        credit: Expected credit, 0 to 1.
        contradicted: Chance that the answer states the point the wrong way round.
        doubt: Chance that the likeliest level of credit is not the right one.
    """

    credit: float
    contradicted: float
    doubt: float


def from_json(data: Mapping[str, Any]) -> Calibration:
    """Read stored numbers.

    Raises:
        ValueError: They were fitted for other features.
    """
    if tuple(data["features"]) != FEATURES:
        raise ValueError("the calibration was fitted for other features")
    return Calibration(
        mean=np.array(data["mean"]),
        scale=np.array(data["scale"]),
        credit=np.array(data["credit"]),
        contradicted=np.array(data["contradicted"]),
        review_below=float(data["review_below"]),
        bare=from_json(data["bare"]) if "bare" in data else None,
    )
