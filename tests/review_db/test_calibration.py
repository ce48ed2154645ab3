import pytest

from review_db.quality.calibration import auc, brier, interval, precision_among, reliability


def test_the_area_counts_how_often_a_bad_case_is_rated_above_a_good_one():
    assert auc([0.9, 0.8, 0.1], [True, True, False]) == 1
    assert auc([0.1, 0.8, 0.9], [True, True, False]) == 0
    assert auc([0.5, 0.5], [True, False]) == 0.5
    assert auc([0.2, 0.4], [True, True]) == 0.5
    assert auc([], []) == 0.5


def test_the_brier_score_is_the_mean_squared_distance():
    assert brier([1.0, 0.5], [True, False]) == pytest.approx(0.125)
    assert brier([], []) == 0


def test_precision_looks_at_the_riskiest_share():
    assert precision_among([0.9, 0.8, 0.2, 0.1], [True, False, True, True], 0.5) == 0.5
    assert precision_among([], [], 0.3) == 0


def test_reliability_groups_predictions_and_leaves_empty_bins_out():
    bins = reliability([0.05, 0.07, 1.0], [False, True, True])
    assert [(each.cases, each.observed) for each in bins] == [(2, 0.5), (1, 1.0)]
    assert bins[0].predicted == pytest.approx(0.06)


def test_the_interval_of_a_share_narrows_with_the_cases():
    assert interval(0, 0) == (0.0, 1.0)
    low, high = interval(5, 10)
    assert (round(low, 3), round(high, 3)) == (0.237, 0.763)
    assert interval(500, 1000)[0] > low
    assert interval(0, 10)[0] == 0
