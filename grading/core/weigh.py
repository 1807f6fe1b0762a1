"""Brings the signals of one answer together and weighs them, criterion by criterion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grading.core.calibration import Calibration
from grading.core.evidence import Evidence, Signal
from grading.core.feedback import feedback_for, finding_of
from grading.core.finding import Finding
from grading.core.pairs import Pairs
from grading.core.rubric import Criterion, Rubric
from grading.core.score import CriterionScore, JudgedCriterion, Score, add_up
from grading.core.sentences import Sentence
from grading.core.signals import (
    DIGITS,
    Chances,
    JudgeSays,
    looked_at,
    manner_of,
    signals_of,
)
from grading.core.text import PlainText

# Cosine to the nearest right wording: below the first no credit, above the second
# all of it. Low, as points made in far-off words are as low as 0.2, and answers to
# questions left out lost a tenth of their points to bounds of 0.22 and 0.34.
OUT_OF_REACH = (0.1, 0.2)
MOST_KEYWORDS = 4  # keyword marks shown for one criterion


def weigh(
    rubric: Rubric,
    *,
    plain: PlainText,
    sentences: Sequence[Sentence],
    pairs: Sequence[Pairs],
    judge: JudgeSays,
    close: Chances | None,
    calibration: Calibration,
) -> Score:
    """Give an answer its score.

    Args:
        rubric: What it is judged by.
        plain: The normalised answer.
        sentences: Its sentences, in characters of the normalised answer.
        pairs: One for each criterion, in the rubric's order.
        judge: What the judge said, in the same order.
        close: (4,) what the close reader said of a rubric's only criterion; None of
            a rubric with more.
        calibration: The fitted numbers.
    """
    manner = manner_of(rubric, plain)
    judged: list[JudgedCriterion] = []
    doubts: list[float] = []
    for place, criterion in enumerate(rubric.criteria):
        paired = pairs[place]
        signals = signals_of(
            criterion,
            place,
            paired,
            judge,
            close,
            manner,
            familiar=criterion.fingerprint in calibration.familiar,
        )
        said = decide(signals, calibration)
        doubts.append(criterion.weight * said.doubt)
        evidence = _evidence(said.finding, place, paired, judge, plain, sentences)
        feedback = feedback_for(criterion, said.finding)
        judged.append(_judged(criterion, said, evidence, signals, feedback))
    confidence = 1 - sum(doubts) / rubric.total_weight
    return add_up(
        judged, confidence=confidence, review_below=review_below(rubric, calibration)
    )


def review_below(rubric: Rubric, calibration: Calibration) -> float:
    """Give the confidence below which a score of this rubric goes to a person."""
    return calibration.numbers_for(
        has_keywords=any(criterion.keywords for criterion in rubric.criteria),
        is_alone=rubric.has_one_criterion,
    ).review_below


def decided_again(
    score: Score, calibration: Calibration, without: frozenset[str] = frozenset()
) -> Score:
    """Give a score anew from its own signals, for another calibration.

    The evidence stays as it is.

    Args:
        score: With every signal.
        calibration: The numbers that decide now.
        without: Signals that are to say nothing.
    """
    judged, doubts = [], []
    for criterion in score.criteria:
        said = decide(criterion.signals, calibration, without)
        doubts.append(criterion.weight * said.doubt)
        judged.append(
            _judged(
                criterion,
                said,
                criterion.evidence,
                criterion.signals,
                criterion.feedback,
            )
        )
    confidence = 1 - sum(doubts) / sum(c.weight for c in score.criteria)
    numbers = calibration.numbers_for(
        has_keywords=any(c.signals["has_keywords"] for c in score.criteria),
        is_alone=len(score.criteria) == 1,
    )
    return add_up(judged, confidence=confidence, review_below=numbers.review_below)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one criterion's signals come to.

    Attributes:
        finding: What the answer does with the point.
        credit: 0 to 1; none where the point is contradicted.
        contradicted: Chance that it is stated the wrong way round.
        doubt: Chance that the likeliest level of credit is not the right one.
    """

    finding: Finding
    credit: float
    contradicted: float
    doubt: float


def decide(
    signals: Mapping[str, float],
    calibration: Calibration,
    without: frozenset[str] = frozenset(),
) -> Decision:
    """Decide one criterion; training and reports measure by this very rule."""
    said = calibration.judge(signals, without)
    against = said.contradicted if leans_against(signals, without) else 0.0
    credit = said.credit * (1.0 if "reference" in without else reach(signals))
    finding = finding_of(credit, against)
    return Decision(
        finding=finding,
        credit=0.0 if finding is Finding.CONTRADICTED else credit,
        contradicted=said.contradicted,
        doubt=said.doubt,
    )


def leans_against(
    signals: Mapping[str, float], without: frozenset[str] = frozenset()
) -> bool:
    """Say whether the network that read closest takes the point for denied, not made.

    So it is, too, where the network says nothing: then the trees alone decide.

    A contradiction is not named against it: whoever makes a point in the rubric's own
    words sounds like one who turned them round, and the trees have seen more of those.
    """
    reader = "close" if "close_met" in signals else "judge"
    made, denied = f"{reader}_met", f"{reader}_contradicted"
    return made in without or signals[denied] >= signals[made]


def _judged(
    criterion: Criterion | CriterionScore,
    said: Decision,
    evidence: tuple[Evidence, ...],
    signals: Mapping[str, float],
    feedback: str,
) -> JudgedCriterion:
    """Put a decision and what led to it together."""
    return JudgedCriterion(
        id=criterion.id,
        says=criterion.says,
        weight=criterion.weight,
        finding=said.finding,
        credit=said.credit,
        evidence=evidence,
        signals={**signals, "contradicted": round(said.contradicted, DIGITS)},
        feedback=feedback,
    )


def reach(signals: Mapping[str, float]) -> float:
    """Give how far an answer is about a point at all, 0 to 1.

    What resembles none of a point's wordings does not make it, whatever the other
    signals say of a text unlike any that they were fitted on ("42").
    """
    if not signals["has_references"]:
        return 1.0
    far, close = OUT_OF_REACH
    return min(1.0, max(0.0, (signals["reference"] - far) / (close - far)))


def _evidence(
    finding: Finding,
    place: int,
    paired: Pairs,
    judge: JudgeSays,
    plain: PlainText,
    sentences: Sequence[Sentence],
) -> tuple[Evidence, ...]:
    """Give the words that led to a finding; a missing point has none."""
    if finding is Finding.MISSING:
        return ()
    shares = judge.pointers[place]
    shown = looked_at(shares)
    found = [
        _mark(plain, sentences[place], Signal.JUDGE, float(shares[place]))
        for place in shown
    ]
    if finding is Finding.CONTRADICTED:
        farthest = int(paired.far.argmax())
        if paired.is_misconception_in_sight and farthest in shown:
            strength = float(paired.far[farthest])
            found.append(
                _mark(plain, sentences[farthest], Signal.MISCONCEPTION, strength)
            )
        return tuple(found)
    nearest = int(paired.near.argmax())
    if nearest in shown:
        strength = float(paired.near[nearest])
        found.append(_mark(plain, sentences[nearest], Signal.REFERENCE, strength))
    said = [hit for hit in paired.hits if hit.sentence in shown and not hit.negated]
    for hit in said[:MOST_KEYWORDS]:
        span = plain.original_span(hit.start, hit.end)
        found.append(Evidence(span=span, signal=Signal.KEYWORD, strength=1.0))
    return tuple(found)


def _mark(
    plain: PlainText, sentence: Sentence, signal: Signal, strength: float
) -> Evidence:
    span = plain.original_span(sentence.start, sentence.end)
    return Evidence(
        span=span, signal=signal, strength=round(min(1.0, max(0.0, strength)), 4)
    )
