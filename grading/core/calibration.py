"""From named signals to the credit a careful person would give.

Two models of boosted trees, fitted by ``manage.py calibrate_judge`` on answers
that neither network had seen, and stored as JSON: one for three levels of credit (0, a
half, 1), one for whether the point is contradicted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from grading.core.trees import Trees, trees_from

LEVELS = (0.0, 0.5, 1.0)
FEATURES = (
    "judge_missing", "judge_partly", "judge_met", "judge_contradicted",
    "close_missing", "close_partly", "close_met", "close_contradicted",
    "points_nowhere", "points_there", "reference", "misconception", "margin",
    "reference_there", "margin_there", "statement", "keywords_sentence",
    "keywords_answer", "negated", "overlap", "prose", "density", "listing",
    "has_references", "has_keywords", "familiar",
)  # fmt: skip
_LOG_ODDS = frozenset(FEATURES[:10])  # chances, which are compared by their log odds
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
        mean: (features,) what each is on average: for features that are to say nothing.
        credit: Three outputs, one for each level of credit.
        contradicted: One output.
        familiar: Fingerprints of the criteria that the networks learned from.
        review_below: Scores less sure than this are marked for a person.
        bare: The numbers for criteria without keywords, whose signals mean
            other things; None uses these for all.
        short: The same for rubrics of one such criterion, which ask for a fact in a
            sentence; None uses ``bare``.
    """

    mean: npt.NDArray[np.float64]
    credit: Trees
    contradicted: Trees
    review_below: float
    familiar: frozenset[str] = frozenset()
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
        row = features(signals)
        silent = [name in without for name in FEATURES]
        row[silent] = self.mean[silent]
        logits = self.credit(row)
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        against = 1 / (1 + np.exp(-float(self.contradicted(row)[0])))
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
        KeyError: A part is absent.
        ValueError: They were fitted for other features, or are not whole.
    """
    if tuple(data["features"]) != FEATURES:
        raise ValueError("the calibration was fitted for other features")
    return Calibration(
        mean=np.array(data["mean"]),
        credit=trees_from(data["credit"], outputs=len(LEVELS), features=len(FEATURES)),
        contradicted=trees_from(
            data["contradicted"], outputs=1, features=len(FEATURES)
        ),
        review_below=float(data["review_below"]),
        familiar=frozenset(data.get("familiar", ())),
        bare=from_json(data["bare"]) if "bare" in data else None,
        short=from_json(data["short"]) if "short" in data else None,
    )
