"""Standard errors that hold: 95 % intervals cover 93 to 97 % of 2,000 repetitions, on shapes whose geometry is exact."""

import numpy as np
import pytest
from scipy.stats import chi2

from theory.capacity import balls, unstructured_points
from theory.geometry import cavity
from theory.geometry.cavity import cavity_draws, estimates
from theory.geometry.joint_products import JointProducts
from theory.geometry.manifolds import manifold_geometry

pytestmark = pytest.mark.slow
REPETITIONS = 2000
# Of the cavity method, which takes a tenth of a second.
RUNS = 250


def segments(radius=0.7):
    basis = np.eye(60)
    return np.stack([basis[:30] + radius * basis[30:], basis[:30] - radius * basis[30:]], axis=1)


def orthogonal(n_points=4):
    return np.eye(n_points)[None].repeat(30, axis=0)


def balanced(n_points=5):
    """Unit vectors from the corners of a simplex, the centre's direction beside them: every quantity from a long run."""
    corners = np.linalg.qr(np.column_stack([np.ones(n_points), np.eye(n_points)[:, 1:]]))[0][:, 1:] * 1.3
    return np.concatenate([corners, np.ones((n_points, 1))], axis=1)[None].repeat(30, axis=0)


def geometry(clouds, n_probes, seed):
    return manifold_geometry(clouds, n_probes=n_probes, seed=seed, center_mean=False, correlations=0)


def exact_of(clouds, name):
    if clouds is segments:
        return {"capacity": float(balls.segment_capacity(0.0, 0.7)), "radius": None, "dimension": 1.0}[name]
    if clouds is orthogonal:
        return float(getattr(unstructured_points, name)(4))
    return None


@pytest.mark.settled
@pytest.mark.parametrize("clouds", [segments, orthogonal, balanced], ids=lambda make: make.__name__)
def test_intervals_cover_as_often_as_they_say(clouds):
    points, names = clouds(), ("capacity", "radius", "dimension")
    runs = [geometry(points, 100, seed) for seed in range(REPETITIONS)]
    # Where no formula is known, the truth is a run whose error is a fiftieth of theirs.
    long = geometry(points, 50_000, REPETITIONS)
    for name in names:
        exact = exact_of(clouds, name) or getattr(long, name).value
        found = [getattr(run, name) for run in runs]
        covered = np.mean([abs(one.value - exact) <= 1.96 * one.se for one in found])
        assert 0.93 <= covered <= 0.97, f"{name}: {covered:.3f}"


@pytest.mark.settled
def test_a_radius_that_hardly_varies_has_no_larger_an_error_than_it_should():
    """A segment's anchors lie at its ends: their squared distances vary with the mean anchor alone, whose error counts once."""
    points = segments()
    runs = [geometry(points, 20, seed).radius for seed in range(REPETITIONS)]
    exact = geometry(points, 50_000, REPETITIONS).radius.value
    assert 0.93 <= np.mean([abs(one.value - exact) <= 1.96 * one.se for one in runs]) <= 0.97


def correlated(n_manifolds=60, n_points=5, n_features=120):
    """Inner products of classes whose centres share two directions."""
    rng = np.random.default_rng(5)
    centers = rng.standard_normal((n_manifolds, n_features))
    centers += 2 * rng.standard_normal((n_manifolds, 2)) @ rng.standard_normal((2, n_features))
    points = (centers[:, None] + 0.7 * rng.standard_normal((n_manifolds, n_points, n_features))).reshape(-1, n_features)
    points -= points.mean(0)
    return JointProducts(points @ points.T, [n_points] * n_manifolds)


@pytest.mark.settled
def test_draws_of_one_run_have_the_values_and_the_errors_of_independent_draws(monkeypatch):
    """With many manifolds, each draw of the cavity follows from the one before: errors of the mean are still a draw's."""
    points, found = correlated(), {}
    for name, many in (("one run", 60), ("independent", 61)):
        monkeypatch.setattr(cavity, "MANY", many)
        found[name] = [estimates(cavity_draws(points, 0.0, 60, seed)) for seed in range(RUNS)]
    for quantity in ("capacity", "radius", "dimension"):
        values, errors = (
            {name: np.array([getattr(getattr(run, quantity), part) for run in runs]) for name, runs in found.items()}
            for part in ("value", "se")
        )
        apart = np.subtract(*(one.mean() for one in values.values()))
        assert abs(apart) < 4 * np.sqrt(sum(one.var() for one in values.values()) / RUNS), quantity
        assert not too_small(errors["one run"], values["one run"]), quantity
        # As is an error that is the square root of two times too small.
        assert too_small(errors["one run"] / np.sqrt(2), values["one run"]), quantity


@pytest.mark.settled
def test_draws_of_two_manifolds_hang_together_in_one_run(monkeypatch):
    """What one run would do to few manifolds, and what the test above would notice."""
    monkeypatch.setattr(cavity, "MANY", 2)
    points = correlated(2, 20, 30)
    radii = [estimates(cavity_draws(points, 0.0, 60, seed)).radius for seed in range(RUNS)]
    assert too_small(np.array([one.se for one in radii]), np.array([one.value for one in radii]))


def too_small(errors, values):
    """Whether the values spread by so much more than errors say that they would once in 10,000 times, or less."""
    return (len(values) - 1) * values.var(ddof=1) / np.mean(errors**2) > chi2.ppf(1 - 1e-4, len(values) - 1)
