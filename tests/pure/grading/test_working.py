import pytest

from grading.core.finding import Finding
from grading.core.score import JudgedCriterion, add_up
from grading.core.working import confidence_in_words, working_of


def judged(name: str, finding: Finding, credit: float) -> JudgedCriterion:
    return JudgedCriterion(
        id=name,
        says=name,
        weight=1.0,
        finding=finding,
        credit=credit,
        evidence=(),
        signals={},
        feedback="",
    )


def test_the_working_redoes_the_sum_of_the_score() -> None:
    score = add_up(
        [
            judged("a", Finding.MET, 0.9),
            judged("b", Finding.CONTRADICTED, 0.0),
            judged("c", Finding.PARTLY, 0.5),
            judged("d", Finding.MISSING, 0.0),
        ],
        confidence=0.8,
        review_below=0.5,
    )

    working = working_of(score.criteria, score.value)

    # (0.9 + 0.5) / 4 = 0.35, less 8
    assert working.points == pytest.approx(1.4)
    assert working.weight == 4
    assert working.share == pytest.approx(35)
    assert working.deducted == 8
    assert working.value == pytest.approx(27)


def test_the_working_of_nothing_is_nothing() -> None:
    assert working_of((), 0.0).share == 0


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "very sure"),
        (0.9, "very sure"),
        (0.75, "fairly sure"),
        (0.6, "not quite sure"),
        (0.59, "unsure"),
        (0.0, "unsure"),
        (-1.0, "unsure"),
    ],
)
def test_confidence_reads_as_words(confidence: float, words: str) -> None:
    assert confidence_in_words(confidence) == words
