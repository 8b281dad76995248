"""Least squares with coefficients of given signs, against scipy's non-negative least squares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls

from theory.numerics.certificate import ALLOWED
from theory.numerics.signed_least_squares import TOLERANCE, signed_least_squares

CERTIFIED = ALLOWED["float64"]
# What two solvers' projections may differ by, whose optimality is known to rounding.
SQRT_EPS = 4 * float(np.sqrt(np.finfo(float).eps))


def unit(points):
    length = np.linalg.norm(points, axis=1, keepdims=True)
    return points / np.where(length > 0, length, 1.0)


def solved(points, signs, vector):
    found = signed_least_squares(points, points @ points.T, signs, vector)
    slack = points @ (vector - points.T @ found)
    size = np.linalg.norm(vector)
    assert np.all(signs * found >= 0)
    assert np.max(signs * slack) <= 10 * TOLERANCE * size
    assert abs(found @ slack) <= 10 * TOLERANCE * size**2
    return found


@settings(max_examples=60, deadline=None)
@given(
    n_points=st.integers(1, 60),
    n_features=st.integers(1, 40),
    decay=st.floats(0, 2),
    shared=st.floats(0, 5),
    seed=st.integers(0, 2**16),
)
def test_the_projection_is_that_of_scipy(n_points, n_features, decay, shared, seed):
    rng = np.random.default_rng(seed)
    scales = np.arange(1, n_features + 1) ** -decay
    points = unit(scales * (rng.standard_normal((n_points, n_features)) + shared * rng.standard_normal(n_features)))
    signs, vector = rng.choice([-1.0, 1.0], n_points), rng.standard_normal(n_features)
    found = solved(points, signs, vector)
    right = signs * nnls((points * signs[:, None]).T, vector)[0]
    np.testing.assert_allclose(points.T @ found, points.T @ right, atol=SQRT_EPS)


def test_a_vector_outside_stays_where_it_is():
    points = np.eye(3)
    assert not np.any(signed_least_squares(points, points, np.ones(3), -np.ones(3)))


def test_a_vector_inside_is_reached():
    rng = np.random.default_rng(0)
    points, vector = unit(rng.standard_normal((400, 20))), rng.standard_normal(20)
    found = solved(points, rng.choice([-1.0, 1.0], 400), vector)
    np.testing.assert_allclose(points.T @ found, vector, atol=CERTIFIED)


@pytest.mark.parametrize("spread", [0.0, 1e-12, 1e-8, 1e-4])
def test_points_that_nearly_coincide_are_no_obstacle(spread):
    rng = np.random.default_rng(1)
    once = rng.standard_normal((15, 10))
    points = unit(np.concatenate([once, once + spread * rng.standard_normal(once.shape), np.zeros((2, 10))]))
    signs = np.concatenate([one := rng.choice([-1.0, 1.0], 15), one, np.ones(2)])
    vector = rng.standard_normal(10)
    found = solved(points, signs, vector)
    right = nnls((points * signs[:, None]).T, vector)[0]
    np.testing.assert_allclose(points.T @ found, points.T @ (signs * right), atol=SQRT_EPS)


def test_many_points_share_few_directions():
    """The case of a narrow layer: 600 points of 30 manifolds in 60 features, with much in common."""
    rng = np.random.default_rng(2)
    scales = np.arange(1, 61) ** -0.7
    centers = rng.standard_normal((30, 1, 60)) + 2 * rng.standard_normal(60)
    points = unit(((centers + rng.standard_normal((30, 20, 60))) * scales).reshape(-1, 60))
    for _ in range(5):
        signs, vector = np.repeat(rng.choice([-1.0, 1.0], 30), 20), rng.standard_normal(60)
        found = solved(points, signs, vector)
        right = nnls((points * signs[:, None]).T, vector)[0]
        assert np.linalg.norm(points.T @ found) == pytest.approx(np.linalg.norm(points.T @ (signs * right)), rel=CERTIFIED)
