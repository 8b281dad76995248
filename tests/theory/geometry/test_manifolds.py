from functools import cache

import numpy as np
import pytest

from tests.theory import simple
from theory.capacity import balls, unstructured_points
from theory.geometry import anchor_statistics
from theory.geometry.gram_accumulation import grams_of
from theory.geometry.grams import Grams
from theory.geometry.manifolds import manifold_geometry
from theory.numerics.certificate import Uncertified

QUANTITIES = ("capacity", "radius", "dimension")
# What squaring the condition number leaves of float64.
SQRT_EPS = 4 * float(np.sqrt(np.finfo(float).eps))


def segments(radius, n_manifolds=40, n_features=60):
    """Segments of the given radius with orthogonal centres and axes."""
    basis = np.eye(2 * n_manifolds)
    centers, axes = basis[:n_manifolds], radius * basis[n_manifolds:]
    return np.stack([centers + axes, centers - axes], axis=1)


def clouds(n_manifolds=32, n_points=8, n_features=40, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n_manifolds, 1, n_features)) + 0.7 * rng.standard_normal((n_manifolds, n_points, n_features))


def rectified():
    """Features after a ReLU, whose centres share directions, and near-equal choices of them."""
    rng = np.random.default_rng(108)
    return np.maximum(rng.standard_normal((20, 1, 64)) + rng.standard_normal((20, 50, 64)), 0)


def raw_geometry(points, *, correlations=0, **options):
    return manifold_geometry(points, correlations=correlations, **options)


def numbers(found):
    return np.array([getattr(getattr(found, name), part) for name in QUANTITIES for part in ("value", "se")])


@pytest.mark.parametrize("radius", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("margin", [0.0, 0.5])
def test_segments_have_their_exact_capacity(radius, margin):
    found = raw_geometry(segments(radius), margin=margin, n_probes=400, center_mean=False)
    exact = float(balls.segment_capacity(margin, radius))
    assert abs(found.capacity.value - exact) < 4.5 * found.capacity.se
    assert found.capacity.se < 0.03 * exact
    assert found.capacity.n == 16_000


def test_a_segments_dimension_is_one_and_a_dead_direction_makes_it_less():
    reduced, published = (
        raw_geometry(segments(1.0), n_probes=400, center_mean=False, frames=kind) for kind in ("reduced", "published")
    )
    assert abs(reduced.dimension.value - 1) < 4.5 * reduced.dimension.se
    assert abs(published.dimension.value - 0.81) < 0.02


@pytest.mark.parametrize("n_points", [5, 10, 25])
def test_unstructured_points_have_the_null_geometry(n_points):
    """M orthogonal points: the exact values of theory.capacity.unstructured_points; 4.5 standard errors."""
    found = raw_geometry(np.eye(n_points)[None].repeat(40, axis=0), n_probes=300, center_mean=False)
    for name in QUANTITIES:
        estimate, exact = getattr(found, name), float(getattr(unstructured_points, name)(n_points))
        assert abs(estimate.value - exact) < 4.5 * estimate.se


@pytest.mark.parametrize(("n_points", "exact"), [(10, 6.72), (25, 17.73)])
def test_published_frames_give_the_published_codes_dimension(n_points, exact):
    """One dead direction lowers D (E cos)^2, by no more than a tenth here; its values are good to 0.01."""
    found = raw_geometry(np.eye(n_points)[None].repeat(40, axis=0), n_probes=500, center_mean=False, frames="published")
    assert abs(found.dimension.value - exact) < 4.5 * found.dimension.se + 0.01


@pytest.mark.parametrize("margin", [0.0, 0.5])
def test_the_engine_agrees_with_its_simple_version(margin):
    """Other probes, other frames, scipy's solver: the same means, to 4.5 standard errors of both."""
    raw = clouds()
    found = raw_geometry(raw, n_probes=300, margin=margin)
    expected = simple.geometry(raw, 300, seed=1, margin=margin)
    inverse = expected.pop("displacement")
    expected["capacity"] = (1 / inverse[0], inverse[1] / inverse[0] ** 2)
    for name, (value, se) in expected.items():
        estimate = getattr(found, name)
        assert abs(estimate.value - value) < 4.5 * np.hypot(estimate.se, se)
        assert estimate.se == pytest.approx(se, rel=0.2)


def test_averages_and_their_errors_are_those_of_the_manifolds():
    """Capacity is the harmonic mean; errors of single manifolds, whose probes are independent, add in squares."""
    found = raw_geometry(clouds(6) * np.linspace(0.5, 2, 6)[:, None, None], n_probes=40)
    each = found.per_manifold
    for name in ("radius", "dimension"):
        assert getattr(found, name).value == pytest.approx(each[name].mean(), rel=1e-12)
        assert getattr(found, name).se == pytest.approx(np.sqrt((each[f"{name}_se"] ** 2).sum()) / 6, rel=1e-12)
    displaced = 1 / each["capacity"]
    assert found.capacity.value == pytest.approx(1 / displaced.mean(), rel=1e-12)
    errors = each["capacity_se"] * displaced**2
    assert found.capacity.se == pytest.approx(found.capacity.value**2 * np.sqrt((errors**2).sum()) / 6, rel=1e-12)


def test_every_backend_gives_the_same_numbers_on_its_own_device(backend):
    raw = clouds()
    exact = raw_geometry(raw, n_probes=50)
    found = raw_geometry(backend.array(raw), n_probes=50)
    np.testing.assert_allclose(numbers(found), numbers(exact), rtol=backend.tolerance)
    for name, column in found.per_manifold.items():
        np.testing.assert_allclose(backend.numpy(column), exact.per_manifold[name], rtol=10 * backend.tolerance)


def test_every_backend_measures_inner_products(backend):
    raw = clouds()
    double = type(backend)(backend.xp, backend.device, "float64")
    exact = numbers(raw_geometry(raw, n_probes=50))
    for center_mean in (True, False):
        given = grams_of(double.array(raw), center_mean=center_mean)
        np.testing.assert_allclose(numbers(raw_geometry(given, n_probes=50)), exact, rtol=SQRT_EPS)


@cache
def without_directions(make, dtype):
    """What numpy finds in the clouds."""
    return raw_geometry(make().astype(dtype), n_probes=50, correlations="published")


@pytest.mark.settled
@pytest.mark.parametrize("make", [clouds, rectified], ids=lambda make: make.__name__)
def test_every_backend_removes_the_same_directions(backend, make):
    """Among many minima the search ends in the same, whoever adds up the inner products."""
    raw = make().astype(backend.dtype)
    exact, found = (
        without_directions(make, backend.dtype),
        raw_geometry(backend.array(raw), n_probes=50, correlations="published"),
    )
    assert found.center_rank == exact.center_rank >= 1
    np.testing.assert_allclose(numbers(found), numbers(exact), rtol=backend.tolerance)


@pytest.mark.settled
def test_rotation_and_scale_leave_the_directions_alone():
    raw = rectified()
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((64, 64)))[0]
    exact = numbers(raw_geometry(raw, n_probes=50, correlations="published"))
    for other in (3.7 * raw @ turn, raw[:, :, ::-1], grams_of(raw, center_mean=False)):
        found = raw_geometry(other, n_probes=50, correlations="published")
        np.testing.assert_allclose(numbers(found), exact, rtol=SQRT_EPS)


@pytest.mark.parametrize("frames", ["reduced", "published"])
def test_every_kind_of_input_gives_the_same_numbers(frames):
    raw = clouds()
    options = {"n_probes": 50, "frames": frames}
    exact = numbers(raw_geometry(raw, **options))
    centers, origin = raw.mean(1), raw.mean((0, 1))
    offsets = raw - centers[:, None]
    blocks = [one @ one.T for one in offsets], [one @ centers.T for one in offsets]
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((40, 40)))[0]
    others = {
        "list": list(raw),
        "about its mean": raw - origin,
        "scaled": 1e6 * raw,
        "turned": raw @ turn,
        "with empty features": np.concatenate([raw, np.zeros((32, 8, 3))], axis=2),
        "inner products": grams_of(raw, center_mean=False),
        "given inner products": Grams(*blocks, centers @ centers.T),
    }
    for name, other in others.items():
        np.testing.assert_allclose(numbers(raw_geometry(other, **options)), exact, rtol=SQRT_EPS, err_msg=name)


def test_manifolds_of_different_sizes_are_put_back_in_order():
    raw = list(clouds())
    mixed = [cloud[:4] if index % 3 else cloud for index, cloud in enumerate(raw)]
    found = raw_geometry(mixed, n_probes=2000, center_mean=False).per_manifold
    apart = raw_geometry(raw, n_probes=2000, center_mean=False).per_manifold
    whole = np.arange(32) % 3 == 0
    # Those that kept their points keep their probes.
    np.testing.assert_allclose(found["radius"][whole], apart["radius"][whole], rtol=1e-9)
    assert (found["capacity"][~whole] > apart["capacity"][~whole]).all()


def test_the_same_seed_gives_the_same_number():
    raw = segments(1.0)
    one, same, other = (raw_geometry(raw, n_probes=20, seed=seed).capacity.value for seed in (1, 1, 2))
    assert one == same != other


@pytest.mark.parametrize("correlations", ["cavity", "published"])
@pytest.mark.parametrize(("n_manifolds", "n_features"), [(2, 30), (3, 30), (5, 30), (12, 3)])
def test_few_manifolds_and_few_features_are_measured(n_manifolds, n_features, correlations):
    raw = clouds(n_manifolds, n_features=n_features)
    with pytest.warns(UserWarning, match=f"{n_manifolds} manifolds; the theory is a limit of many"):
        found = manifold_geometry(raw, n_probes=50, correlations=correlations)
    assert np.isfinite(numbers(found)).all()
    assert found.kkt_residual < 1e-9


@pytest.mark.slow
def test_common_directions_of_the_centres_cost_capacity_and_are_found():
    """Three strong directions shared by all centres: removed, the manifolds have more room."""
    rng = np.random.default_rng(0)
    raw = clouds(40, 10, 300) + (6 * rng.standard_normal((40, 3)) @ rng.standard_normal((3, 300)))[:, None] / 3
    kept, removed = (manifold_geometry(raw, correlations=which) for which in (0, "published"))
    assert kept.center_rank == 0
    assert removed.center_rank >= 3
    assert kept.center_correlation == removed.center_correlation > 0.3
    assert abs(manifold_geometry(raw, correlations=3).center_rank) == 3
    assert kept.radius.value < removed.radius.value


def test_an_uncertified_solve_names_its_manifold(monkeypatch):
    right = anchor_statistics.anchor_weights

    def mistaken(gram, products, margin):
        displacement, weights, residual = right(gram, products, margin)
        return displacement, weights, np.where(np.arange(len(residual)) == 3, 1e-6, residual)

    monkeypatch.setattr(anchor_statistics, "anchor_weights", mistaken)
    with pytest.raises(Uncertified, match=r"manifold 3, 2 points of rank 1, margin 0: optimality violated by 1.0e-06"):
        raw_geometry(segments(1.0))
