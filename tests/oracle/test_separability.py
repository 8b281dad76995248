"""Yes/no separability and largest margins near the threshold, against Clarabel: a slow judge that shares nothing with ours.

Balls and ellipsoids are second-order cone programs, clouds quadratic programs. Clarabel says how far from separable a world is
only to its own tolerance. Nearer than that it does not decide, and the answer's certificate is checked instead.
"""

import cvxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empirical.separability import points_and_balls
from empirical.separability.certificates import AT_ORIGIN, Uncertified
from empirical.separability.ellipsoids import separate_ellipsoids
from empirical.separability.interior_point import separate_from
from empirical.separability.largest_margin import largest_margin
from empirical.separability.points_and_balls import separate, separate_balls, signed_points
from theory.capacity import conic_volumes

# What Clarabel leaves at its default tolerances, on margins of order 1.
ORACLE = 1e-6


def margin_of(centers, semi_axes, labels):
    """How far apart: the largest t with y w.center - ||semi_axes.w|| >= t, ||w|| <= 1 in every component; below 0 never."""
    w, t = cvxpy.Variable(centers.shape[1]), cvxpy.Variable()
    manifolds = zip(centers, semi_axes, labels, strict=True)
    rules = [y * (center @ w) - cvxpy.norm(axes @ w) >= t for center, axes, y in manifolds]
    return cvxpy.Problem(cvxpy.Maximize(t), [*rules, cvxpy.norm(w) <= 1]).solve(solver=cvxpy.CLARABEL)


def distance_of_hull(signed):
    """From the origin of the hull of points: min ||a.signed|| over weights a, the dual quadratic program."""
    weights = cvxpy.Variable(len(signed), nonneg=True)
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares(signed.T @ weights)), [cvxpy.sum(weights) == 1])
    return np.sqrt(max(problem.solve(solver=cvxpy.CLARABEL), 0.0))


def attained(found, centers, semi_axes, labels):
    """How far apart the direction found keeps them, the worst point of every ellipsoid written down."""
    across = np.linalg.norm(semi_axes @ found.direction, axis=1)
    return float(np.min(labels * (centers @ found.direction) - across) / np.linalg.norm(found.direction))


def agrees(found, oracle, reached, size):
    """The same answer; where it is too near for the oracle, one whose own certificate stands. Returns whether it was."""
    if found.separable:
        assert 0 < reached < oracle + ORACLE * size
    else:
        assert found.certificate <= AT_ORIGIN
        assert oracle < ORACLE * size
    return oracle <= ORACLE * size


def threshold(volumes, n_manifolds, offset):
    """Features in which about half of the dichotomies are separable, and a few more or fewer."""
    return max(1, round(conic_volumes.transition(volumes, n_manifolds)[0]) + offset)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    shape=st.tuples(st.integers(2, 7), st.integers(1, 4)),
    r=st.floats(0.05, 4),
    offset=st.integers(-2, 2),
)
def test_balls_near_the_threshold_agree_with_cone_programming(seed, shape, r, offset):
    n_manifolds, dim = shape
    n_features = threshold(conic_volumes.ball_volumes(r, dim), n_manifolds, offset)
    rng = np.random.default_rng(seed)
    labels, centers = rng.choice([-1.0, 1.0], n_manifolds), rng.standard_normal((n_manifolds, n_features))
    axes = rng.standard_normal((n_manifolds, dim, n_features))
    found = separate_balls(centers, axes, r, labels)
    agrees(found, margin_of(centers, r * axes, labels), attained(found, centers, r * axes, labels), 1 + r)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), n_manifolds=st.integers(2, 7), dim=st.integers(1, 4), offset=st.integers(-2, 2))
def test_ellipsoids_of_any_radii_agree_with_cone_programming(seed, n_manifolds, dim, offset):
    """Every ellipsoid with its own radii, some of them 0."""
    rng = np.random.default_rng(seed)
    radii = rng.uniform(0, 3, (n_manifolds, dim)) * (rng.random((n_manifolds, dim)) < 0.8)
    n_features = threshold(conic_volumes.ball_volumes(1.0, dim), n_manifolds, offset)
    labels, centers = rng.choice([-1.0, 1.0], n_manifolds), rng.standard_normal((n_manifolds, n_features))
    axes = rng.standard_normal((n_manifolds, dim, n_features))
    found = separate_ellipsoids(centers, axes, radii, labels)
    semi_axes = radii[..., None] * axes
    agrees(found, margin_of(centers, semi_axes, labels), attained(found, centers, semi_axes, labels), 4.0)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), n_manifolds=st.integers(2, 8), n_points=st.integers(1, 6), offset=st.integers(-2, 2))
def test_clouds_agree_with_quadratic_programming(seed, n_manifolds, n_points, offset):
    """Unstructured clouds, separable in half as many features as points: the margin, the answer, and both engines' answers."""
    rng = np.random.default_rng(seed)
    n_features = max(1, n_manifolds * n_points // 2 + offset)
    points, labels = rng.standard_normal((n_manifolds, n_points, n_features)), rng.choice([-1.0, 1.0], n_manifolds)
    signed = signed_points(points, labels).reshape(-1, n_features)
    distance, found, margin = distance_of_hull(signed), separate(points, labels), largest_margin(points, labels)
    oracle = margin_of(signed, np.zeros((len(signed), 1, n_features)), np.ones(len(signed)))
    assert margin.value == pytest.approx(oracle, abs=10 * ORACLE)
    # The program is in the square.
    assert margin.value == pytest.approx(distance, abs=10 * ORACLE**0.5)
    agrees(found, oracle, margin.value, 10.0)
    assert found.separable == (margin.value > 0)
    assert separate_from(signed, np.ones(len(signed)))[0] == found.separable


def critical_radius(separable):
    """The radius at which the answer changes, by bisection until none can be certified; and the last that was separable."""
    apart, together = 0.0, 50.0
    while True:
        r = (apart + together) / 2
        try:
            apart, together = (r, together) if separable(r) else (apart, r)
        except Uncertified:
            return r, apart


@pytest.mark.parametrize("seed", range(4))
def test_too_near_for_the_oracle_the_certificate_decides(seed, monkeypatch):
    """Balls about to become inseparable as they grow: a relative 2e-7 from it ours still has its certificate."""
    monkeypatch.setattr(points_and_balls, "MAX_ROUNDS", 40)
    rng = np.random.default_rng(seed)
    labels, centers, axes = rng.choice([-1.0, 1.0], 5), rng.standard_normal((5, 6)), rng.standard_normal((5, 2, 6))
    critical, apart = critical_radius(lambda r: separate_balls(centers, axes, r, labels).separable)
    assert critical - apart < 1e-6 * critical
    near = []
    for r in (critical * (1 + step) for step in (-1e-2, -1e-4, -2e-7, 2e-7, 1e-4, 1e-2)):
        found, semi_axes = separate_balls(centers, axes, r, labels), r * axes
        assert found.separable == (r < critical)
        oracle = margin_of(centers, semi_axes, labels)
        near.append(agrees(found, oracle, attained(found, centers, semi_axes, labels), 1 + r))
    assert not near[0]
    assert near[2]
