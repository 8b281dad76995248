"""The largest margin, and the separability of balls, against Clarabel."""

import cvxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empirical.separability.largest_margin import largest_margin
from empirical.separability.points_and_balls import separate_balls

# What Clarabel leaves at its default tolerances.
ORACLE = 1e-6


def margin_of_balls(centers, axes, radius, labels):
    """Largest t with w.center y - R ||axes.w|| >= t, ||w|| <= 1."""
    w, t = cvxpy.Variable(centers.shape[1]), cvxpy.Variable()
    rules = [y * (c @ w) - radius * cvxpy.norm(a @ w) >= t for c, a, y in zip(centers, axes, labels, strict=True)]
    return cvxpy.Problem(cvxpy.Maximize(t), [*rules, cvxpy.norm(w) <= 1]).solve(solver=cvxpy.CLARABEL)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32), shape=st.tuples(st.integers(2, 6), st.integers(1, 4), st.integers(2, 14)), r=st.floats(0.1, 3)
)
def test_balls_agree_with_cone_programming(seed, shape, r):
    n_manifolds, dim, n_features = shape
    rng = np.random.default_rng(seed)
    labels, centers = rng.choice([-1.0, 1.0], n_manifolds), rng.standard_normal((n_manifolds, n_features))
    axes = rng.standard_normal((n_manifolds, dim, n_features))
    margin = margin_of_balls(centers, axes, r, labels)
    if abs(margin) > ORACLE:  # nearer, the oracle's own tolerance decides
        assert separate_balls(centers, axes, r, labels).separable == (margin > 0)


@pytest.mark.parametrize("seed", range(12))
def test_the_largest_margin_agrees_with_cone_programming(seed):
    """Points, separable or not: where not, the margin is 0, as w = 0 has it."""
    rng = np.random.default_rng(seed)
    n_points, n_features = int(rng.integers(2, 30)), int(rng.integers(2, 30))
    points, labels = rng.standard_normal((n_points, n_features)), rng.choice([-1.0, 1.0], n_points)
    oracle = margin_of_balls(points, np.zeros((n_points, 1, n_features)), 0.0, labels)
    assert largest_margin(points, labels).value == pytest.approx(oracle, abs=ORACLE)
