import numpy as np
import pytest

from theory.numerics.dependent_cholesky import RIDGES, cholesky_factors


def factors(points):
    """The inner products of points, (n, M, N), and their factors, both (n, M, M)."""
    grams = (points @ points.swapaxes(1, 2)).astype(float)
    length = np.sqrt(np.diagonal(grams, axis1=1, axis2=2))
    return grams, cholesky_factors(grams, length, np.full(len(points), points.shape[1]))


def test_points_of_very_different_lengths_have_factors():
    points = np.random.default_rng(0).standard_normal((1, 3, 8)) * np.array([1e-4, 1e-2, 1e4])[None, :, None]
    grams, factor = factors(points)
    assert np.allclose(factor @ factor.swapaxes(1, 2) / grams, 1, rtol=1e-6)
    assert np.all(np.diagonal(factor[0]) > 0)


def test_inner_products_of_single_precision_have_factors():
    points = np.random.default_rng(0).standard_normal((4, 10, 6)).astype(np.float32)
    grams, factor = factors(points)
    assert np.array_equal(np.any(factor, axis=1).sum(1), np.full(4, 6))
    # The ridge moves a point's squared length by itself times one plus the squared weights of the points that it depends on.
    unit = points / np.linalg.norm(points, axis=2, keepdims=True)
    weights = np.linalg.solve(unit[:, :6].swapaxes(1, 2), unit[:, 6:].swapaxes(1, 2))
    moved = 10 * RIDGES[1] * (1 + np.sum(weights**2, axis=1).max(1))
    error = np.abs(factor @ factor.swapaxes(1, 2) - grams).max((1, 2))
    assert np.all(error <= moved * np.diagonal(grams, axis1=1, axis2=2).max(1))


def test_inner_products_that_no_points_have_are_refused():
    with pytest.raises(np.linalg.LinAlgError, match="not positive semidefinite"):
        cholesky_factors(np.array([[[1.0, 2.0], [2.0, 1.0]]]), np.ones((1, 2)), np.array([2]))
