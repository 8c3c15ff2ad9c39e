"""AUROC, risk-coverage, calibration and latency: by hand, and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics.auroc import auroc
from eval.metrics.calibration import brier, expected_calibration_error, reliability
from eval.metrics.latency import latency
from eval.metrics.outcome import Outcome, Outcomes
from eval.metrics.risk_coverage import aurc, risk_coverage


def outcomes(*rows):
    """Rows of confidence, answerable, right."""
    return Outcomes.of([Outcome(confidence=c, answerable=bool(a), right=bool(r)) for c, a, r in rows])


MADE = outcomes((0.9, 1, 1), (0.8, 0, 0), (0.7, 1, 1), (0.2, 0, 0))
ROWS = st.lists(
    st.tuples(st.sampled_from([i / 20 for i in range(21)]), st.booleans(), st.booleans()), min_size=1, max_size=40
)


def test_auroc_by_hand():
    assert auroc(MADE) == pytest.approx(3 / 4), "of four pairs, only (.7, .8) is in the wrong order"
    assert auroc(outcomes((0.5, 1, 1), (0.5, 0, 0))) == 0.5
    assert auroc(outcomes((0.9, 1, 1), (0.5, 1, 0))) is None


@settings(deadline=None)  # the first example imports scikit-learn
@given(ROWS)
def test_auroc_agrees_with_scikit_learn(rows):
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn comes with sentence-transformers")
    made = outcomes(*rows)
    ours = auroc(made)
    if ours is None:
        assert len(set(made.answerable.tolist())) == 1
    else:
        assert ours == pytest.approx(metrics.roc_auc_score(made.answerable, made.confidence))


def test_risk_and_coverage_by_hand():
    points = [(p.coverage, p.risk) for p in risk_coverage(MADE)]
    assert points == [(0.25, 0), (0.5, 0.5), (0.75, pytest.approx(1 / 3)), (1, 0.5)]
    assert aurc(MADE) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


@given(ROWS, st.randoms())
def test_the_order_of_questions_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    for measure in (auroc, aurc, expected_calibration_error, brier):
        assert measure(outcomes(*rows)) == pytest.approx(measure(outcomes(*shuffled)))


@given(ROWS)
def test_the_curve_ends_with_everything_and_the_share_that_is_wrong(rows):
    made = outcomes(*rows)
    curve = risk_coverage(made)
    assert curve[-1].coverage == 1
    assert curve[-1].risk == pytest.approx(1 - made.right.mean())
    assert [p.coverage for p in curve] == sorted(p.coverage for p in curve)
    assert 0 <= (aurc(made) or 0) <= 1


def test_calibration_by_hand():
    made = outcomes((0.95, 1, 1), (0.95, 0, 0), (1.0, 1, 1), (0.15, 0, 0))
    bins = reliability(made)
    assert [(b.low, b.high, b.count) for b in bins] == [(0.1, 0.2, 1), (0.9, 1.0, 3)]
    mean = (0.95 + 0.95 + 1) / 3
    assert expected_calibration_error(made) == pytest.approx((3 * abs(2 / 3 - mean) + 1 * 0.15) / 4)
    assert brier(made) == pytest.approx((0.05**2 + 0.95**2 + 0 + 0.15**2) / 4)


@given(ROWS)
def test_bins_hold_every_question_once(rows):
    made = outcomes(*rows)
    bins = reliability(made)
    assert sum(b.count for b in bins) == len(rows)
    assert all(b.low - 1e-9 <= b.mean_confidence <= b.high + 1e-9 for b in bins)
    assert 0 <= (expected_calibration_error(made) or 0) <= 1


def test_without_questions_nothing_is_known():
    empty = outcomes()
    assert [measure(empty) for measure in (auroc, aurc, expected_calibration_error, brier)] == [None] * 4
    assert risk_coverage(empty) == []
    assert reliability(empty) == []


def test_percentiles_by_stage():
    rows = latency([("search", {"embed": float(ms), "total": 2.0 * ms}) for ms in range(101)])
    assert [(r.call, r.stage, r.count, r.p50_ms, r.p95_ms, r.max_ms) for r in rows] == [
        ("search", "embed", 101, 50, 95, 100),
        ("search", "total", 101, 100, 190, 200),
    ]
    assert np.isclose(rows[0].p99_ms, 99)
