"""From judged criteria to a score: the only place where points are added up.

The rule can be recomputed by hand from the page: a criterion earns its weight
times its credit, the score is the share of all weights that was earned, times
100, less a fixed deduction for every criterion that the answer contradicts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from types import MappingProxyType
from typing import Any

from grading.core.bands import Band, band_of
from grading.core.evidence import Evidence, Signal, Span
from grading.core.finding import Finding

# Points of 100 taken off for a criterion that the answer states the wrong way
# round; raters took 5 to 12 (docs/explanation/scoring.md).
CONTRADICTION_DEDUCTION = 8.0
CREDIT_DECIMALS = 2  # the page shows credit with two decimals, so they are all there is
SCORE_DECIMALS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionScore:
    """What one criterion earned and why.

    Attributes:
        id: The criterion's id.
        says: Its point in one sentence, as it stood when it was scored.
        finding: What the answer did with it.
        probability: The credit a careful person would give, 0 to 1, in hundredths.
        weight: The criterion's weight in the rubric.
        points: ``weight * probability``.
        deduction: Points of 100 taken off because the answer contradicts it.
        evidence: The words that led here, strongest first; empty when none did.
        signals: Every number that went into the finding, by name.
        feedback: One line for the candidate; empty when nothing is to be said.
    """

    id: str
    says: str
    finding: Finding
    probability: float
    weight: float
    points: float
    deduction: float
    evidence: tuple[Evidence, ...]
    signals: Mapping[str, float]
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What an answer earned.

    Attributes:
        value: 0 to 100, one decimal.
        band: The label it falls in.
        confidence: How sure the grader is, 0 to 1.
        needs_review: Whether a person should look at it.
        criteria: In the rubric's order.
    """

    value: float
    band: Band
    confidence: float
    needs_review: bool
    criteria: tuple[CriterionScore, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCriterion:
    """A criterion with the credit it gets, before points are added up."""

    id: str
    says: str
    weight: float
    finding: Finding
    credit: float
    evidence: tuple[Evidence, ...]
    signals: Mapping[str, float]
    feedback: str


def add_up(
    judged: Sequence[JudgedCriterion], *, confidence: float, review_below: float
) -> Score:
    """Add up the points of judged criteria.

    Args:
        judged: At least one.
        confidence: How sure the grader is of the whole, 0 to 1.
        review_below: Scores less sure than this are marked for a person.
    """
    criteria = tuple(_earn(criterion) for criterion in judged)
    # Exact sums, so that the order of criteria cannot move the last digit.
    total = fsum(criterion.weight for criterion in criteria)
    earned = fsum(criterion.points for criterion in criteria)
    lost = fsum(criterion.deduction for criterion in criteria)
    value = round(min(100.0, max(0.0, 100 * earned / total - lost)), SCORE_DECIMALS)
    sure = round(min(1.0, max(0.0, confidence)), CREDIT_DECIMALS)
    return Score(
        value=value,
        band=band_of(value),
        confidence=sure,
        needs_review=sure < review_below,
        criteria=criteria,
    )


def _earn(judged: JudgedCriterion) -> CriterionScore:
    """Give a judged criterion its points."""
    credit = round(min(1.0, max(0.0, judged.credit)), CREDIT_DECIMALS)
    contradicted = judged.finding is Finding.CONTRADICTED
    return CriterionScore(
        id=judged.id,
        says=judged.says,
        finding=judged.finding,
        probability=credit,
        weight=judged.weight,
        points=judged.weight * credit,
        deduction=CONTRADICTION_DEDUCTION if contradicted else 0.0,
        evidence=judged.evidence,
        signals=MappingProxyType(dict(judged.signals)),
        feedback=judged.feedback,
    )


def as_json(score: Score) -> dict[str, Any]:
    """Give a score as plain dicts, lists and numbers that JSON can hold."""
    return {
        "value": score.value,
        "band": score.band.value,
        "confidence": score.confidence,
        "needs_review": score.needs_review,
        "criteria": [
            {
                "id": criterion.id,
                "says": criterion.says,
                "finding": criterion.finding.value,
                "probability": criterion.probability,
                "weight": criterion.weight,
                "points": criterion.points,
                "deduction": criterion.deduction,
                "evidence": [
                    {
                        "start": found.span.start,
                        "end": found.span.end,
                        "signal": found.signal.value,
                        "strength": found.strength,
                    }
                    for found in criterion.evidence
                ],
                "signals": dict(criterion.signals),
                "feedback": criterion.feedback,
            }
            for criterion in score.criteria
        ],
    }


def from_json(data: Mapping[str, Any]) -> Score:
    """Read back what :func:`as_json` gave."""
    return Score(
        value=data["value"],
        band=Band(data["band"]),
        confidence=data["confidence"],
        needs_review=data["needs_review"],
        criteria=tuple(_criterion_from(entry) for entry in data["criteria"]),
    )


def _criterion_from(entry: Mapping[str, Any]) -> CriterionScore:
    """Read back one criterion of a stored score."""
    return CriterionScore(
        id=entry["id"],
        says=entry["says"],
        finding=Finding(entry["finding"]),
        probability=entry["probability"],
        weight=entry["weight"],
        points=entry["points"],
        deduction=entry["deduction"],
        evidence=tuple(
            Evidence(
                span=Span(start=found["start"], end=found["end"]),
                signal=Signal(found["signal"]),
                strength=found["strength"],
            )
            for found in entry["evidence"]
        ),
        signals=MappingProxyType(dict(entry["signals"])),
        feedback=entry["feedback"],
    )
