"""The sum behind a score, written out so that a reader can redo it by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from grading.core.score import CriterionScore

# Lower bounds of the confidence words. They describe how a person would read the
# number, nothing more; the calibration behind it is in docs/explanation/scoring.md.
CONFIDENCE_WORDS = (
    (0.9, "very sure"),
    (0.75, "fairly sure"),
    (0.6, "not quite sure"),
    (0.0, "unsure"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """The steps from points to score.

    Attributes:
        weight: All weights together.
        points: All points earned.
        share: Points as a share of the weights, times 100.
        deducted: Taken off for what was contradicted.
        value: The score, 0 to 100.
    """

    weight: float
    points: float
    share: float
    deducted: float
    value: float


def working_of(criteria: Sequence[CriterionScore], value: float) -> Working:
    """Give the steps that led to a score.

    Args:
        criteria: As they were scored; at least one.
        value: The score they led to.
    """
    weight = sum(criterion.weight for criterion in criteria)
    points = sum(criterion.points for criterion in criteria)
    return Working(
        weight=weight,
        points=points,
        share=100 * points / weight if weight else 0.0,
        deducted=sum(criterion.deduction for criterion in criteria),
        value=value,
    )


def confidence_in_words(confidence: float) -> str:
    """Say how sure the grader is, from 0 to 1, as a person would."""
    return next(
        (word for least, word in CONFIDENCE_WORDS if confidence >= least), "unsure"
    )
