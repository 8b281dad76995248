import numpy as np
import pytest
from scipy import stats

from theory import manifold, shapes
from theory.manifold import manifold_geometry


def segments(radius, n_manifolds=40, n_features=60):
    """Segments of the given radius with orthogonal centres and axes."""
    basis = np.eye(2 * n_manifolds)
    centers, axes = basis[:n_manifolds], radius * basis[n_manifolds:]
    return np.stack([centers + axes, centers - axes], axis=1)


@pytest.mark.parametrize("radius", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("margin", [0.0, 0.5])
def test_segments_have_their_exact_capacity(radius, margin):
    found = manifold_geometry(segments(radius), margin, n_probes=400, center_mean=False)
    exact = float(shapes.segment_capacity(margin, radius))
    assert abs(found.capacity.value - exact) < 4.5 * found.capacity.se
    assert found.capacity.se < 0.03 * exact
    assert found.capacity.n == 16_000


def test_a_segments_dimension_is_one_and_a_dead_direction_makes_it_less():
    reduced, published = (
        manifold_geometry(segments(1.0), n_probes=400, center_mean=False, frames=kind) for kind in ("reduced", "published")
    )
    assert abs(reduced.dimension.value - 1) < 4.5 * reduced.dimension.se
    assert published.dimension.value < 0.85


def null_geometry(n_points, n_draws=100_000):
    """Radius and both dimensions of M orthogonal points, from the orthant's own formula: value and standard error each.

    In the basis of the points the anchor's weights are the probe's negative parts, or its lowest point where there are none.
    """
    probes = np.random.default_rng(0).standard_normal((n_points, n_draws))
    weights = np.maximum(-probes, 0)
    weights[probes.argmin(0), np.arange(n_draws)] += ~weights.any(0)
    offsets = np.sqrt(n_points) * weights / weights.sum(0) - 1 / np.sqrt(n_points)
    along = (offsets * probes).sum(0) / np.linalg.norm(offsets, axis=0)
    dead = np.random.default_rng(1).standard_normal(n_draws)
    own = (probes**2).sum(0) - probes.sum(0) ** 2 / n_points
    squared, prx, cosine = (offsets**2).sum(0), along**2, along / np.sqrt(own + dead**2)
    mean, se = (np.array([function(x) for x in (squared, prx, cosine)]) for function in (np.mean, stats.sem))
    radius = np.sqrt(mean[0])
    return (radius, se[0] / 2 / radius), (mean[1], se[1]), (n_points * mean[2] ** 2, 2 * n_points * mean[2] * se[2])


@pytest.mark.parametrize("n_points", [5, 10, 25])
def test_unstructured_points_have_the_null_geometry(n_points):
    """M orthogonal points: capacity exactly 2/M, radius and dimensions as the orthant gives them; 4.5 standard errors."""
    raw = np.eye(n_points)[None].repeat(40, axis=0)
    radius, prx, published = null_geometry(n_points)
    for kind, dimension in (("reduced", prx), ("published", published)):
        found = manifold_geometry(raw, n_probes=300, center_mean=False, frames=kind)
        for estimate, (value, se) in (
            (found.capacity, (2 / n_points, 0.0)),
            (found.radius, radius),
            (found.dimension, dimension),
        ):
            assert abs(estimate.value - value) < 4.5 * np.hypot(estimate.se, se)


def test_standard_errors_are_the_spread_over_probes():
    raw = segments(0.7, n_manifolds=4)
    with pytest.warns(UserWarning, match="4 manifolds"):
        runs = [manifold_geometry(raw, n_probes=60, seed=seed, center_mean=False) for seed in range(200)]
    for name in ("capacity", "radius", "dimension"):
        values = np.array([getattr(run, name).value for run in runs])
        stated = np.mean([getattr(run, name).se for run in runs])
        # If the stated error is the spread, this is chi-square with 199 degrees of freedom.
        assert 1e-4 < stats.chi2.cdf(199 * values.var(ddof=1) / stated**2, 199) < 1 - 1e-4


def test_points_alone_are_points():
    raw = np.random.default_rng(0).standard_normal((40, 1, 50))
    with pytest.warns(UserWarning, match="40 manifolds are single points"):
        found = manifold_geometry(raw, n_probes=400)
    assert abs(found.capacity.value - 2) < 4.5 * found.capacity.se
    assert found.radius.value == found.dimension.value == 0


def test_identical_points_are_one_point():
    raw = np.random.default_rng(0).standard_normal((40, 1, 50))
    with pytest.warns(UserWarning, match="single points"):
        found, once = (manifold_geometry(raw.repeat(n, axis=1), n_probes=50) for n in (7, 1))
    assert found.capacity == once.capacity
    assert found.radius.value == found.dimension.value == 0


def test_probes_that_are_never_moved_are_an_error():
    with pytest.raises(ValueError, match=r"none of 80 probes was moved.* raise n_probes"):
        manifold_geometry(segments(0.1), margin=-40.0, n_probes=2)


def test_the_same_seed_gives_the_same_number():
    raw = segments(1.0)
    one, same, other = (manifold_geometry(raw, n_probes=20, seed=seed).capacity.value for seed in (1, 1, 2))
    assert one == same != other


def test_an_uncertified_solve_names_its_manifold(monkeypatch):
    def fails(*_):
        raise manifold.Uncertified("optimality violated")

    monkeypatch.setattr(manifold, "project", fails)
    with pytest.raises(manifold.Uncertified, match="manifold 0: optimality violated"):
        manifold_geometry(segments(1.0))


@pytest.mark.parametrize(("change", "words"), [({"n_probes": 1}, "n_probes"), ({"margin": np.nan}, "margin")])
def test_bad_arguments_are_named(change, words):
    with pytest.raises(ValueError, match=f"{words} must be"):
        manifold_geometry(segments(1.0), **change)
