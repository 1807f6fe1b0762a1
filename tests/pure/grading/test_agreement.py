import pytest

from grading.core.agreement import (
    auc,
    calibration_error,
    mean_error,
    pearson,
    reliability,
    weighted_kappa,
)


def test_equal_scores_agree_wholly() -> None:
    scores = [5.0, 30.0, 55.0, 90.0]

    assert pearson(scores, scores) == pytest.approx(1)
    assert weighted_kappa(scores, scores) == 1
    assert mean_error(scores, scores) == 0


def test_kappa_by_hand() -> None:
    # Bands 0,0,4,4 against 0,4,4,4: seen disagreement 16 of 4;
    # by chance 2*1/4*0 + 2*3/4*16 + 2*1/4*16 + 2*3/4*0 = 32. 1 - 16/32 = 0.5
    assert weighted_kappa([0, 0, 90, 90], [0, 90, 90, 90]) == pytest.approx(0.5)


def test_auc_by_hand() -> None:
    # Pairs (yes, no): .8>.3, .8>.5, .5=.5 half, .5>.3: 3.5 of 4
    assert auc([0.8, 0.5, 0.5, 0.3], [True, True, False, False]) == pytest.approx(0.875)


def test_a_flat_side_has_no_correlation() -> None:
    assert pearson([1, 1, 1], [1, 2, 3]) == 0


def test_calibration_error_by_hand() -> None:
    # Two bins: credit .25 label .5 (two), credit .95 label 1 (two): (.25*2 + .05*2) / 4
    assert calibration_error([0.25, 0.25, 0.95, 0.95], [0, 1, 1, 1]) == pytest.approx(
        0.15
    )
    assert reliability([0.25, 0.25], [0, 1]) == [(0.25, 0.5, 2)]
