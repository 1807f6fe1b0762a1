"""From a lab run to a score: the one bridge between running code and marking it."""

from collections.abc import Mapping
from typing import Any

from grading.core.bands import band_of
from grading.core.finding import Finding
from grading.core.score import SCORE_DECIMALS, CriterionScore, Score


def score_of_run(result: Mapping[str, Any]) -> Score:
    """Give a run's score: the weighted share of its test cases that passed.

    A run's outcome is observed, not estimated, so confidence is 1.

    Args:
        result: A ``RunResult`` as JSON: ``score_share`` (0 to 1) and ``cases``
            with ``name``, ``weight``, ``passed`` and ``feedback``.
    """
    value = round(100 * float(result["score_share"]), SCORE_DECIMALS)
    return Score(
        value=value,
        band=band_of(value),
        confidence=1.0,
        needs_review=False,
        criteria=tuple(_case_score(case) for case in result["cases"]),
    )


def _case_score(case: Mapping[str, Any]) -> CriterionScore:
    credit = 1.0 if case["passed"] else 0.0
    weight = float(case["weight"])
    return CriterionScore(
        id=str(case["name"]),
        says=str(case["name"]),
        finding=Finding.MET if case["passed"] else Finding.MISSING,
        probability=credit,
        weight=weight,
        points=weight * credit,
        deduction=0.0,
        evidence=(),
        signals={},
        feedback=str(case.get("feedback") or ""),
    )
