"""The figures of a report, on answers whose figures can be worked out by hand."""

from dataclasses import replace
from typing import Any

from grading.core.bands import band_of
from grading.core.evidence import Evidence, Signal, Span
from grading.core.finding import Finding
from grading.core.report import as_text, figures_of
from grading.core.score import CriterionScore, Score


def scored(value: float, credit: float, finding: Finding, span: Span | None) -> Score:
    evidence = (
        ()
        if span is None
        else (Evidence(span=span, signal=Signal.JUDGE, strength=1.0),)
    )
    criterion = CriterionScore(
        id="point", says="It grows", finding=finding, probability=credit, weight=1.0,
        points=credit, deduction=0.0, evidence=evidence, signals={"judge_met": credit},
        feedback="",
    )  # fmt: skip
    return Score(
        value=value, band=band_of(value), confidence=value / 100, needs_review=False,
        criteria=(criterion,),
    )  # fmt: skip


PAIRS = [
    (
        {
            "id": "1", "item": "a", "category": "strong", "points": {"point": 1},
            "score": 90, "answer": "Well. It grows.", "evidence": {"point": "It grows."},
        },
        scored(80, 0.8, Finding.MET, Span(start=6, end=15)),
    ),
    (
        {
            "id": "2", "item": "a", "category": "strong", "points": {"point": 1},
            "score": 90, "answer": "It grows. Yes.", "evidence": {"point": "It grows."},
        },
        scored(50, 0.5, Finding.PARTLY, Span(start=10, end=14)),
    ),
    (
        {
            "id": "3", "item": "a", "category": "off-topic", "points": {"point": 0},
            "score": 0, "answer": "Trees.", "contradicted": [],
        },
        scored(40, 0.4, Finding.MISSING, None),
    ),
]  # fmt: skip


def test_figures_count_what_raters_would_mind() -> None:
    figures = figures_of(PAIRS)

    assert figures["answers"] == 3
    assert figures["games_over_30"] == "1 of 1"
    assert figures["strong_under_60"] == "1 of 2"
    assert figures["mean_error"] == 30.0  # (10 + 40 + 40) / 3
    assert figures["bias"] == -3.3
    assert figures["criterion_auc"] == 1.0


def test_evidence_overlaps_where_the_shown_words_share_a_character() -> None:
    assert figures_of(PAIRS)["evidence_overlap"] == "1 of 2"


def test_a_signal_that_not_all_criteria_have_is_held_against_their_labels() -> None:
    def with_signal(made: bool, **signals: float) -> tuple[dict[str, Any], Score]:
        score = scored(50, 0.5, Finding.PARTLY, None)
        (criterion,) = score.criteria
        return (
            {**PAIRS[0][0], "points": {"point": int(made)}},
            replace(score, criteria=(replace(criterion, signals=signals),)),
        )

    pairs = [
        with_signal(True, judge_met=0.9), with_signal(False, judge_met=0.1),
        with_signal(False, judge_met=0.2, close_met=0.1),
        with_signal(True, judge_met=0.8, close_met=0.9),
    ]  # fmt: skip

    assert figures_of(pairs)["signal_auc"] == {"judge_met": 1.0, "close_met": 1.0}


def test_confusion_names_label_and_finding() -> None:
    assert figures_of(PAIRS)["findings"] == {
        "label 0": {"missing": 1},
        "label 1": {"met": 1, "partly": 1},
    }


def test_the_text_names_every_figure() -> None:
    text = as_text("Grader on x", figures_of(PAIRS))

    assert "kappa of the surest four fifths" in text
    assert "off-topic" in text
