"""From named signals to the credit a careful person would give.

Models of boosted trees, fitted by ``manage.py calibrate_judge`` on answers that the
networks had not seen, and stored as JSON: whether a point is made by half at least,
whether it is made whole, and whether it is contradicted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from grading.core.trees import Trees, trees_from

LEVELS = (0.0, 0.5, 1.0)
FEATURES = (
    "judge_missing", "judge_partly", "judge_met", "judge_contradicted",
    "points_nowhere", "points_there", "reference", "misconception", "margin",
    "reference_there", "margin_there", "statement", "keywords_sentence",
    "keywords_answer", "negated", "overlap", "prose", "density", "listing",
    "has_references", "has_keywords", "familiar", "silent_elsewhere",
)  # fmt: skip
# Of a rubric of one criterion, which asks for a fact in a sentence. Fewer, as there
# are fewer questions to fit on, and they differ more from set to set.
SHORT_FEATURES = (
    "close_missing", "close_partly", "close_met", "close_contradicted",
    "judge_missing", "judge_met", "judge_contradicted", "reference", "overlap", "used",
    "covered", "in_order", "wordings", "statement_words", "question_words", "asked_share",
)  # fmt: skip
# Chances, which are compared by their log odds.
_LOG_ODDS = frozenset(
    name
    for name in (*FEATURES, *SHORT_FEATURES)
    if name.startswith(("judge_", "close_", "points_"))
)
_LEAST_CHANCE = 0.002


def features(
    signals: Mapping[str, float], names: Sequence[str] = FEATURES
) -> npt.NDArray[np.float64]:
    """Give (features,) as the models read them: chances as log odds."""
    row = []
    for name in names:
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
        names: Of the features.
        mean: (features,) what each is on average: for features that are to say nothing.
        credit: Two outputs: log odds of half the credit at least, and of all of it.
        contradicted: One output.
        familiar: Fingerprints of the criteria that the judge learned from.
        review_below: Scores less sure than this are marked for a person.
        bare: The numbers for criteria without keywords, whose signals mean
            other things; None uses these.
        short: The same for rubrics of one criterion; None uses one of the others.
    """

    names: tuple[str, ...] = FEATURES
    mean: npt.NDArray[np.float64]
    credit: Trees
    contradicted: Trees
    review_below: float
    familiar: frozenset[str] = frozenset()
    bare: "Calibration | None" = None
    short: "Calibration | None" = None

    def numbers_for(self, *, has_keywords: bool, is_alone: bool) -> "Calibration":
        """Give the numbers for a criterion: with keywords or not, alone in its rubric."""
        if is_alone and self.short is not None:
            return self.short
        return self if has_keywords else self.bare or self

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
        row = features(signals, self.names)
        silent = [name in without for name in self.names]
        row[silent] = self.mean[silent]
        half, whole = (float(chance) for chance in _chances(self.credit(row)))
        whole = min(whole, half)
        shares = np.array([1 - half, half - whole, whole])
        return Judgement(
            credit=float(shares @ np.array(LEVELS)),
            contradicted=float(_chances(self.contradicted(row))[0]),
            doubt=float(1 - shares.max()),
        )


def _chances(odds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    chances: npt.NDArray[np.float64] = 1 / (1 + np.exp(-odds))
    return chances


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


def from_json(
    data: Mapping[str, Any], names: tuple[str, ...] = FEATURES
) -> Calibration:
    """Read stored numbers.

    Args:
        data: What was stored.
        names: Of the features that they have to be fitted for.

    Raises:
        KeyError: A part is absent.
        ValueError: They were fitted for other features, or are not whole.
    """
    if tuple(data["features"]) != names:
        raise ValueError("the calibration was fitted for other features")
    return Calibration(
        names=names,
        mean=np.array(data["mean"]),
        credit=trees_from(data["credit"], outputs=len(LEVELS) - 1, features=len(names)),
        contradicted=trees_from(data["contradicted"], outputs=1, features=len(names)),
        review_below=float(data["review_below"]),
        familiar=frozenset(data.get("familiar", ())),
        bare=from_json(data["bare"]) if "bare" in data else None,
        short=from_json(data["short"], SHORT_FEATURES) if "short" in data else None,
    )
