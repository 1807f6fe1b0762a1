"""A stored score, laid out for reading."""

from dataclasses import dataclass
from typing import Any

from grading.core.finding import Finding
from grading.core.highlight import Mark, Quote, Segment, quotes, segments
from grading.core.score import CriterionScore, from_json
from grading.core.working import Working, confidence_in_words, working_of
from grading.models import ScoreRecord, State, Submission

FINDING_WORDS = {
    Finding.MET: "made",
    Finding.PARTLY: "partly made",
    Finding.MISSING: "missing",
    Finding.CONTRADICTED: "contradicted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionLine:
    """One criterion with its number on the page and the words that led to it."""

    number: int
    score: CriterionScore
    finding: str
    quotes: tuple[Quote, ...]
    signals: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedPart:
    """A piece of the answer; ``findings`` of the criteria it belongs to, if any."""

    segment: Segment
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything a score's page says.

    Attributes:
        record: The newest score record.
        earlier: Older records of the same submission: other grader versions.
        run: A lab's run as its candidate may see it.
    """

    record: ScoreRecord
    earlier: tuple[ScoreRecord, ...]
    confidence: str
    lines: tuple[CriterionLine, ...]
    parts: tuple[MarkedPart, ...]
    working: Working
    run: dict[str, Any] | None

    @property
    def contradicted(self) -> tuple[CriterionLine, ...]:
        """Give the criteria that the answer states the wrong way round."""
        return tuple(
            line for line in self.lines if line.score.finding is Finding.CONTRADICTED
        )

    @property
    def made(self) -> int:
        """Count the points the answer makes in full."""
        return sum(1 for line in self.lines if line.score.finding is Finding.MET)


def result_of(submission: Submission) -> Result | None:
    """Lay out a submission's newest score; None while it has none.

    Args:
        submission: With its score records prefetched, newest first.
    """
    records = tuple(submission.score_records.all())
    if submission.state != State.DONE or not records:
        return None
    record = records[0]
    score = from_json(
        {
            "value": record.score,
            "band": record.band,
            "confidence": record.confidence,
            "needs_review": record.needs_review,
            "criteria": record.criteria,
        }
    )
    found = quotes(
        submission.answer,
        [
            Mark(criterion=number, span=evidence.span)
            for number, criterion in enumerate(score.criteria, 1)
            if criterion.finding is not Finding.MISSING
            for evidence in criterion.evidence
        ],
    )
    run = submission.lab_run
    return Result(
        record=record,
        earlier=records[1:],
        confidence=confidence_in_words(record.confidence),
        lines=tuple(
            _line(number, criterion, found)
            for number, criterion in enumerate(score.criteria, 1)
        ),
        parts=tuple(
            MarkedPart(
                segment=segment,
                findings=tuple(score.criteria[n - 1].finding for n in segment.marks),
            )
            for segment in segments(submission.answer, found)
        ),
        working=working_of(score.criteria, score.value),
        run=run.result if run is not None else None,
    )


def _line(
    number: int, criterion: CriterionScore, found: tuple[Quote, ...]
) -> CriterionLine:
    return CriterionLine(
        number=number,
        score=criterion,
        finding=FINDING_WORDS[criterion.finding],
        quotes=tuple(quote for quote in found if quote.criterion == number),
        signals=tuple(
            (name.replace("_", " "), value)
            for name, value in sorted(criterion.signals.items())
        ),
    )
