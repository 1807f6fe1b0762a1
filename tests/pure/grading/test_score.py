import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.core.bands import Band, band_of
from grading.core.evidence import Evidence, Signal, Span
from grading.core.feedback import finding_of
from grading.core.finding import Finding
from grading.core.score import JudgedCriterion, Score, add_up, as_json, from_json


def judged(
    name: str, credit: float, finding: Finding = Finding.MET, weight: float = 1.0
) -> JudgedCriterion:
    return JudgedCriterion(
        id=name,
        says=name,
        weight=weight,
        finding=finding,
        credit=credit,
        evidence=(
            Evidence(span=Span(start=0, end=3), signal=Signal.JUDGE, strength=0.5),
        ),
        signals={"judge_met": credit},
        feedback="",
    )


def score_of(*criteria: JudgedCriterion) -> Score:
    return add_up(criteria, confidence=0.8, review_below=0.5)


def test_the_score_is_the_weighted_share_of_credit() -> None:
    score = score_of(judged("a", 1.0, weight=2), judged("b", 0.5), judged("c", 0.0))

    assert score.value == 62.5  # 100 * (2*1 + 0.5 + 0) / 4


def test_each_contradicted_criterion_takes_eight_points() -> None:
    score = score_of(
        judged("a", 1.0), judged("b", 0.0, Finding.CONTRADICTED), judged("c", 1.0)
    )

    assert score.value == 58.7  # 100 * 2 / 3 - 8
    assert [c.deduction for c in score.criteria] == [0.0, 8.0, 0.0]


def test_deductions_do_not_go_below_zero() -> None:
    assert score_of(judged("a", 0.0, Finding.CONTRADICTED)).value == 0.0


credits = st.floats(min_value=0, max_value=1)
findings = st.sampled_from(list(Finding))


@given(st.lists(st.tuples(credits, findings), min_size=1, max_size=12))
def test_a_score_stays_within_its_bounds_in_any_order(
    rows: list[tuple[float, Finding]],
) -> None:
    criteria = [judged(str(n), c, f) for n, (c, f) in enumerate(rows)]

    score, turned = score_of(*criteria), score_of(*reversed(criteria))

    assert 0 <= score.value <= 100
    assert score.value == turned.value


@given(st.lists(credits, min_size=1, max_size=12), st.data())
def test_more_credit_never_lowers_a_score(
    rows: list[float], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    more = [1.0 if n == place else c for n, c in enumerate(rows)]

    before = score_of(*(judged(str(n), c) for n, c in enumerate(rows)))
    after = score_of(*(judged(str(n), c) for n, c in enumerate(more)))

    assert after.value >= before.value


@given(st.lists(st.tuples(credits, findings), min_size=1, max_size=5))
def test_a_stored_score_reads_back_as_it_was(rows: list[tuple[float, Finding]]) -> None:
    score = score_of(*(judged(str(n), c, f) for n, (c, f) in enumerate(rows)))

    assert from_json(json.loads(json.dumps(as_json(score)))) == score


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (0, Band.LITTLE),
        (19.9, Band.LITTLE),
        (20, Band.WEAK),
        (80, Band.STRONG),
        (100, Band.STRONG),
    ],
)
def test_a_cut_belongs_to_the_higher_band(value: float, band: Band) -> None:
    assert band_of(value) is band


@pytest.mark.parametrize(
    ("credit", "against", "finding"),
    [
        (0.9, 0.1, Finding.MET),
        (0.5, 0.1, Finding.PARTLY),
        (0.1, 0.1, Finding.MISSING),
        (0.2, 0.75, Finding.CONTRADICTED),
        (0.2, 0.65, Finding.MISSING),
        (0.9, 0.6, Finding.MET),
    ],
)
def test_findings_follow_credit_and_contradiction(
    credit: float, against: float, finding: Finding
) -> None:
    assert finding_of(credit, against) is finding
