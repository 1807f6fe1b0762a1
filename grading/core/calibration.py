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
        short: The same for rubrics of one such criterion, which ask for a fact in a
            sentence; None uses ``bare``.
    """

    mean: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    credit: npt.NDArray[np.float64]
    contradicted: npt.NDArray[np.float64]
    review_below: float
    bare: "Calibration | None" = None
    short: "Calibration | None" = None

    def numbers_for(self, *, has_keywords: bool, is_alone: bool) -> "Calibration":
        """Give the numbers for a criterion: with keywords or not, alone in its rubric."""
        if has_keywords:
            return self
        if is_alone and self.short is not None:
            return self.short
        return self.bare or self

    def judge(
        self, signals: Mapping[str, float], without: frozenset[str] = frozenset()
    ) -> "Judgement":
        """Give credit and chance of contradiction for one criterion's signals.

        Args:
            signals: By name.
            without: Signals that are to say nothing, to measure what they are worth.
        """
        own = self.numbers_for(
            has_keywords=bool(signals["has_keywords"]), is_alone=bool(signals["alone"])
        )
        if own is not self:
            return own.judge(signals, without)
        scaled = (features(signals) - self.mean) / self.scale
        scaled[[name in without for name in FEATURES]] = 0.0
        row = np.append(scaled, 1.0)
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
        short=from_json(data["short"]) if "short" in data else None,
    )
