"""The oracles are scipy's nnls, one vector at a time, and the engine's way for many dimensions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory import simple
from theory.numerics import few_dimensions, nnls
from theory.numerics.certificate import ALLOWED
from theory.numerics.few_dimensions import MOST, factor_of


def drawn(seed, n_points, dim, n_vectors=40):
    """Points about a centre at 1, some of them equal or on one line, and vectors; rows have dim + 1 coordinates."""
    rng = np.random.default_rng(seed)
    points = np.hstack([10 ** rng.uniform(-1, 1) * rng.standard_normal((n_points, dim)), np.ones((n_points, 1))])
    points[rng.integers(n_points)] = points[rng.integers(n_points)]
    points[rng.integers(n_points)] = points[rng.integers(n_points, size=2)].mean(0)
    return points, rng.standard_normal((n_vectors, dim + 1))


def solved(points, vectors):
    return nnls.nonnegative_least_squares((points @ points.T)[None], (vectors @ points.T)[None])


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), n_points=st.integers(2, 60), dim=st.integers(1, MOST - 1))
def test_solutions_are_scipys(seed, n_points, dim):
    points, vectors = drawn(seed, n_points, dim)
    found, residual = solved(points, vectors)
    assert residual[0] < 1e-10
    assert (found >= 0).all()
    oracle = simple.multipliers(points.T, vectors.T).T @ points
    np.testing.assert_allclose(found[0] @ points, oracle, atol=1e-7 * (1 + np.abs(points).max()))


@pytest.mark.parametrize("dim", range(1, MOST))
def test_solutions_are_those_of_many_dimensions(dim, monkeypatch):
    points, vectors = drawn(dim, 50, dim, 300)
    units = points / np.linalg.norm(points, axis=1, keepdims=True)
    assert factor_of(units @ units.T) is not None
    found, _ = solved(points, vectors)
    assert (np.count_nonzero(found[0], axis=1) <= dim + 1).all()
    monkeypatch.setattr(nnls, "factor_of", lambda gram: None)
    np.testing.assert_allclose(found[0] @ points, solved(points, vectors)[0][0] @ points, atol=1e-8 * np.abs(points).max())


def test_a_manifold_in_many_dimensions_sends_all_of_them_the_other_way(monkeypatch):
    few, many = drawn(0, 30, 2)[0], np.random.default_rng(0).standard_normal((30, 20))
    gram = np.stack([few @ few.T, many @ many.T])
    products = np.stack([np.random.default_rng(1).standard_normal((9, points.shape[1])) @ points.T for points in (few, many)])
    apart = [nnls.nonnegative_least_squares(gram[i : i + 1], products[i : i + 1])[0][0] for i in (0, 1)]
    together, residual = nnls.nonnegative_least_squares(gram, products)
    assert residual.max() < ALLOWED["float64"]
    np.testing.assert_allclose(together[1], apart[1], atol=1e-9)
    np.testing.assert_allclose(together[0] @ few, apart[0] @ few, atol=1e-9 * np.abs(few).max())


@pytest.mark.parametrize("dim", [1, 3, MOST, MOST + 1])
def test_a_factor_has_the_points_inner_products(dim):
    points = np.random.default_rng(dim).standard_normal((40, dim))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    factor = factor_of(points @ points.T)
    if dim > MOST:
        assert factor is None
    else:
        assert factor.shape == (dim, 40)
        np.testing.assert_allclose(factor.T @ factor, points @ points.T, atol=1e-14)


def test_few_points_per_dimension_are_guessed():
    assert factor_of(np.eye(4)) is None


@pytest.mark.parametrize("name", ["ROUNDS", "places"])
def test_what_takes_too_long_or_too_many_places_is_solved_all_the_same(name, monkeypatch):
    points, vectors = drawn(5, 30, 2)
    units = points / np.linalg.norm(points, axis=1, keepdims=True)
    gram, products = units @ units.T, vectors @ units.T
    factor, tolerance = factor_of(gram), np.full((len(vectors), 1), 1e-12)
    right = few_dimensions.added_in_few_dimensions(gram + 1e-14 * np.eye(30), factor, products, tolerance)
    if name == "ROUNDS":
        monkeypatch.setattr(few_dimensions, "ROUNDS", 0)
    else:
        # A factor of two coordinates leaves two places, and what it makes of the third's slack is wrong.
        factor = factor[:2]
    calls = []
    other = few_dimensions.add_one_by_one
    monkeypatch.setattr(few_dimensions, "add_one_by_one", lambda problems: calls.append(1) or other(problems))
    found = few_dimensions.added_in_few_dimensions(gram + 1e-14 * np.eye(30), factor, products, tolerance)
    assert calls
    if name == "ROUNDS":
        np.testing.assert_allclose(found @ units, right @ units, atol=1e-9)
    else:
        taken = np.count_nonzero(right, axis=1) > 2
        assert taken.any()
        np.testing.assert_allclose(found[taken] @ units, right[taken] @ units, atol=1e-9)
