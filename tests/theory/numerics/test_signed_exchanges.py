"""Least squares with signs for many vectors at once, against scipy's non-negative least squares for each of them."""

import numpy as np
import pytest
from scipy.optimize import nnls

from theory.numerics import signed_exchanges as signed_exchanges_file
from theory.numerics.signed_exchanges import signed_exchanges


def units_of(n_points, n_features, shared, rng):
    points = rng.standard_normal((n_points, n_features)) + shared * rng.standard_normal(n_features)
    return points / np.linalg.norm(points, axis=1, keepdims=True)


@pytest.mark.parametrize(("n_points", "n_features", "shared"), [(1, 3, 0.0), (30, 40, 0.0), (120, 90, 0.0), (200, 199, 3.0)])
def test_coefficients_are_those_of_each_vector_alone(n_points, n_features, shared):
    rng = np.random.default_rng(n_points)
    units, vectors = units_of(n_points, n_features, shared, rng), rng.standard_normal((12, n_features))
    signs = rng.choice([-1.0, 1.0], (12, n_points))
    found = signed_exchanges(units @ units.T, vectors @ units.T, signs)
    alone = np.array([y * nnls((units * y[:, None]).T, t)[0] for y, t in zip(signs, vectors, strict=True)])
    np.testing.assert_allclose(found, alone, atol=1e-9)


@pytest.mark.parametrize("spread", [0.3, 1.0])
def test_points_join_one_by_one_where_few_are_touched(monkeypatch, spread):
    """Two clouds of few dimensions about centres of their own: no guess is needed."""
    rng = np.random.default_rng(5)
    offsets = rng.standard_normal((2, 40, 4)) @ rng.standard_normal((2, 4, 90))
    points = (rng.standard_normal((2, 1, 90)) + spread * offsets).reshape(80, 90) + 0.05 * rng.standard_normal((80, 90))
    units, vectors = points / np.linalg.norm(points, axis=1, keepdims=True), rng.standard_normal((20, 90))
    signs = np.repeat(rng.choice([-1.0, 1.0], (20, 2)), 40, axis=1)
    monkeypatch.setattr("theory.numerics.signed_exchanges.EXCHANGES", 0)
    found = signed_exchanges(units @ units.T, vectors @ units.T, signs)
    alone = np.array([y * nnls((units * y[:, None]).T, t)[0] for y, t in zip(signs, vectors, strict=True)])
    np.testing.assert_allclose(found, alone, atol=1e-8)


@pytest.mark.parametrize("few", [0, np.inf])
def test_rows_of_the_supports_give_the_products_that_all_points_give(monkeypatch, few):
    rng = np.random.default_rng(7)
    units = units_of(50, 60, 0.0, rng)
    support, gram = rng.random((9, 50)) < 0.2, units @ units.T
    support[0] = False
    coefficients = np.where(support, rng.standard_normal((9, 50)), 0.0)
    monkeypatch.setattr(signed_exchanges_file, "FEW", few)
    found = signed_exchanges_file._pulled(gram, coefficients, *signed_exchanges_file._listed(support))
    np.testing.assert_allclose(found, coefficients @ gram, atol=1e-13)


def test_bad_guesses_are_corrected(monkeypatch):
    rng = np.random.default_rng(0)
    units, vectors, signs = units_of(60, 80, 1.0, rng), rng.standard_normal((8, 80)), rng.choice([-1.0, 1.0], (8, 60))
    right = signed_exchanges(units @ units.T, vectors @ units.T, signs)
    monkeypatch.setattr("theory.numerics.signed_exchanges.STEPS", 0)
    monkeypatch.setattr("theory.numerics.signed_exchanges.ROUNDS", 0)
    np.testing.assert_allclose(signed_exchanges(units @ units.T, vectors @ units.T, signs), right, atol=1e-11)


@pytest.mark.parametrize("rounds", [0, 48])
def test_points_that_depend_on_each_other_give_no_number_or_a_solution(monkeypatch, rounds):
    """Few features for many points: the supports of guesses are singular."""
    monkeypatch.setattr("theory.numerics.signed_exchanges.ROUNDS", rounds)
    rng = np.random.default_rng(0)
    units, vectors, signs = units_of(60, 5, 0.0, rng), rng.standard_normal((20, 5)), rng.choice([-1.0, 1.0], (20, 60))
    found = signed_exchanges(units @ units.T, vectors @ units.T, signs)
    assert np.isnan(found).any() == (rounds == 0)
    for nu, y, t in zip(found, signs, vectors, strict=True):
        if not np.isnan(nu).any():
            slack = units @ (t - units.T @ nu)
            assert (y * slack).max() < 1e-9
            assert abs(nu @ slack) < 1e-9
