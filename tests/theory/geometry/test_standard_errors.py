"""Standard errors that hold: 95 % intervals cover 93 to 97 % of 2,000 repetitions, on shapes whose geometry is exact."""

import numpy as np
import pytest

from theory.capacity import balls, unstructured_points
from theory.geometry.manifolds import manifold_geometry

pytestmark = pytest.mark.slow
REPETITIONS = 2000


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
