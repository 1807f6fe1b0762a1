import pytest

from grading.core.answers import fault_of
from grading.core.lab_score import score_of_run
from grading.core.progress import ItemProgress, progress_by_item


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("", "answer_empty"),
        ("\n \t", "answer_empty"),
        ("x" * 20_001, "answer_too_long"),
        ("a\0", "answer_has_nul"),
        ("a\udc00", "answer_not_unicode"),
    ],
)
def test_what_cannot_be_scored_is_named(answer: str, code: str) -> None:
    fault = fault_of(answer)

    assert fault is not None
    assert fault.code == code


def test_any_script_may_be_sent() -> None:
    assert fault_of("Кэш растёт 線形に 📈") is None


def test_progress_keeps_the_order_of_first_answers() -> None:
    lines = progress_by_item([("b", 20.0), ("a", 50.0), ("b", 80.0), ("b", 60.0)])

    assert lines[0] == ItemProgress(item="b", submissions=3, first=20, best=80, last=60)
    assert [line.item for line in lines] == ["b", "a"]


def test_a_lab_is_scored_by_the_weighted_share_of_its_cases() -> None:
    case = {"weight": 1.0, "feedback": ""}
    score = score_of_run(
        {
            "score_share": 0.75,
            "cases": [
                {**case, "name": "small", "passed": True, "weight": 3.0},
                {**case, "name": "large", "passed": False, "feedback": "Too small."},
            ],
        }
    )

    assert (score.value, score.confidence) == (75.0, 1.0)
    assert [c.finding.value for c in score.criteria] == ["met", "missing"]
    assert score.criteria[1].feedback == "Too small."
