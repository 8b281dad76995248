"""The cavity's capacity, against the capacity of all manifolds together: joint anchors and simulated dichotomies."""

import time
import warnings

import numpy as np
import pytest

from empirical.separability.simulated_capacity import simulated_capacity
from tests.theory.correlated_clouds import balls, layer_like
from theory.capacity.balls import segment_capacity
from theory.geometry import cavity
from theory.geometry.cavity import FEWEST, CavityDraws, _rooted, _some, estimates, number_of_draws
from theory.geometry.glue import effective_geometry
from theory.geometry.joint_products import LOST, JointProducts
from theory.geometry.manifolds import manifold_geometry
from verify.strategies.correlated import Tree

pytestmark = pytest.mark.filterwarnings("ignore:.*the theory is a limit of many")
QUANTITIES = ("capacity", "radius", "dimension")
# What the docstring of manifold_geometry says of the cavity method's agreement with dichotomies.
AGREES = 0.1


def tree():
    """32 leaves of a binary tree, 8 points each: centres and axes of neighbours share four fifths of their variance."""
    return Tree(5, 8, 0.3, 0.8).clouds(600, np.random.default_rng(0))


# The clouds, whether their mean is subtracted, and the number of draws of all anchors together.
POPULATIONS = {
    "balls without shared directions": (lambda: balls(0.0), False, 100),
    "balls": (lambda: balls(0.7), False, 100),
    "balls that share nearly everything": (lambda: balls(0.95), False, 100),
    "tree": (tree, False, 200),
    "10 classes": (lambda: layer_like(10, 400), True, 400),
    "20 classes": (lambda: layer_like(20, 600), True, 100),
    "60 classes": (lambda: layer_like(60, 300, n_points=10), True, 40),
}
# Where manifolds that are taken for independent of each other come out too well.
STRONG = ("balls that share nearly everything", "tree")


@pytest.fixture(scope="module")
def joint():
    """The capacities from joint anchors, each measured once."""
    known = {}

    def measured(name):
        if name not in known:
            make, center_mean, n_draws = POPULATIONS[name]
            known[name] = effective_geometry(make(), n_draws, center_mean=center_mean).capacity
        return known[name]

    return measured


@pytest.mark.settled
@pytest.mark.parametrize("name", POPULATIONS)
def test_capacity_is_that_of_all_manifolds_together(name, joint):
    make, center_mean, _ = POPULATIONS[name]
    found, right = manifold_geometry(make(), center_mean=center_mean), joint(name)
    assert abs(found.capacity.value - right.value) < AGREES * right.value + 3 * right.se
    assert found.capacity.se < 0.02 * right.value
    assert found.kkt_residual < 1e-9
    assert found.center_rank is None


@pytest.mark.settled
@pytest.mark.parametrize("name", STRONG)
def test_manifolds_that_share_much_are_not_independent(name, joint):
    make, center_mean, _ = POPULATIONS[name]
    found, right = manifold_geometry(make(), center_mean=center_mean, correlations=0), joint(name)
    assert found.capacity.value > (1 + AGREES) * right.value + 3 * right.se


@pytest.mark.settled
@pytest.mark.parametrize(("n_manifolds", "n_features"), [(10, 400), (20, 600)])
def test_capacity_is_the_simulated_capacity(n_manifolds, n_features):
    """Random dichotomies in random projections, with no theory."""
    clouds = layer_like(n_manifolds, n_features, seed=1)
    found, simulated = manifold_geometry(clouds).capacity, simulated_capacity(clouds, 100).capacity
    assert abs(found.value - simulated.value) < AGREES * simulated.value + 3 * simulated.se


@pytest.mark.slow
@pytest.mark.parametrize(("n_manifolds", "n_points", "n_features"), [(30, 20, 2000), (20, 5, 4000)])
def test_independent_manifolds_in_many_dimensions_are_measured_as_such(n_manifolds, n_points, n_features):
    """Others leave nearly all of them; and centres that are not exactly at right angles to their offsets are no matter."""
    rng = np.random.default_rng(0)
    centers, offsets = (
        rng.standard_normal((n_manifolds, 1, n_features)),
        rng.standard_normal((n_manifolds, n_points, n_features)),
    )
    clouds = centers + 1.5 * offsets
    cavity, alone = (manifold_geometry(clouds, n_probes=600, center_mean=False, correlations=how) for how in ("cavity", 0))
    for name in QUANTITIES:
        one, other = getattr(cavity, name), getattr(alone, name)
        assert abs(one.value - other.value) < 4.5 * np.hypot(one.se, other.se), name
        assert one.se < 0.02 * one.value
    assert cavity.held == 1


@pytest.mark.parametrize("margin", [-0.5, 0.5, 1.0])
@pytest.mark.parametrize("radius", [0.2, 1.0, 3.0])
def test_independent_segments_have_their_exact_capacity_at_any_margin(radius, margin):
    basis = np.linalg.qr(np.random.default_rng(0).standard_normal((80, 80)))[0]
    centers, axes = basis[:40], radius * basis[40:]
    found = manifold_geometry(np.stack([centers + axes, centers - axes], axis=1), margin, 400, center_mean=False).capacity
    assert abs(found.value - float(segment_capacity(margin, radius))) < 4.5 * found.se
    assert found.se < 0.04 * found.value


@pytest.mark.settled
@pytest.mark.parametrize("n_features", [150, 100, 60])
def test_the_capacity_does_not_depend_on_the_width_where_not_all_manifolds_are_separable(n_features):
    """60 manifolds of capacity 0.34 need 180 features; in fewer, the active points of some of the others are projected out."""
    wide, narrow = (manifold_geometry(layer_like(60, n)) for n in (1000, n_features))
    assert wide.held == 1 > narrow.held > 0
    assert abs(narrow.capacity.value - wide.capacity.value) < AGREES * wide.capacity.value


# The clock decides, so that it cannot be settled.
@pytest.mark.slow
def test_fewer_features_than_manifolds_are_measured_in_seconds():
    """2,500 points in 10 features: of every manifold the origin lies inside the hull."""
    noise, before = np.random.default_rng(0).standard_normal((50, 50, 10)), time.process_time()
    found = manifold_geometry(noise)
    assert time.process_time() - before < 20
    for name in QUANTITIES:
        assert 0 < getattr(found, name).se < 0.05 * getattr(found, name).value
        assert np.isfinite(found.per_manifold[name]).all()
    # A probe with no room at all is displaced by its whole length, whose square is 10 on average.
    assert found.capacity.value == pytest.approx(1 / 10, rel=0.02)
    assert found.held < 0.1


@pytest.mark.settled
def test_a_manifold_alone_loses_nothing():
    clouds = layer_like(1, 200) + 0.1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cavity, alone = (manifold_geometry(clouds, n_probes=2000, center_mean=False, correlations=how) for how in ("cavity", 0))
    for name in QUANTITIES:
        one, other = getattr(cavity, name), getattr(alone, name)
        assert abs(one.value - other.value) < 4.5 * np.hypot(one.se, other.se), name


def test_points_alone_and_repeated_points_have_no_extent():
    points = np.random.default_rng(0).standard_normal((40, 1, 200))
    for clouds in (points, points.repeat(7, axis=1)):
        with pytest.warns(UserWarning, match="40 manifolds are single points"):
            found = manifold_geometry(clouds, n_probes=400, center_mean=False)
        assert abs(found.capacity.value - 2) < 4.5 * found.capacity.se
        assert found.radius.value == found.dimension.value == 0
        assert found.radius.se == found.dimension.se == 0


def test_averages_are_those_of_the_manifolds():
    found = manifold_geometry([cloud[: 8 + number] for number, cloud in enumerate(layer_like(12, 200))], n_probes=100)
    each = found.per_manifold
    assert found.capacity.value == pytest.approx(1 / np.mean(1 / each["capacity"]), rel=1e-12)
    assert found.radius.value == pytest.approx(each["radius"].mean(), rel=1e-12)
    assert found.dimension.value == pytest.approx(each["dimension"].mean(), rel=1e-12)
    assert {f"{name}{end}" for name in QUANTITIES for end in ("", "_se")} == set(each)
    assert all(column.shape == (12,) and (column > 0).all() for column in each.values())


def test_errors_of_each_manifold_are_those_of_means_over_draws():
    """Three draws of two manifolds, by hand."""
    displacement, dimension = np.array([[1.0, 2.0], [2.0, 2.0], [6.0, 5.0]]), np.array([[3.0, 1.0], [4.0, 1.0], [8.0, 4.0]])
    radius, center = np.array([[1.0, 4.0], [4.0, 9.0], [4.0, 5.0]]), np.array([[1.0, 2.0], [2.0, 2.0], [6.0, 5.0]])
    found = estimates(CavityDraws(displacement, dimension, radius, center, np.ones(3), np.zeros(2)))
    each = found.per_manifold
    np.testing.assert_allclose(each["dimension_se"], [np.sqrt(7 / 3), 1.0])
    np.testing.assert_allclose(each["capacity_se"], [np.sqrt(7 / 3) / 9, 1 / 9])
    # Of the squared radius over the squared centre norm, 9 / 9 and 18 / 9, the root by the delta method.
    moves = (radius - np.array([1.0, 2.0]) * center) / (2 * np.sqrt([1.0, 2.0]) * 3)
    np.testing.assert_allclose(each["radius_se"], moves.std(0, ddof=1) / np.sqrt(3))
    assert found.radius.value == pytest.approx((1 + np.sqrt(2)) / 2)
    assert found.radius.se == pytest.approx(moves.mean(1).std(ddof=1) / np.sqrt(3))
    assert found.capacity.se == pytest.approx(np.std([1.5, 2, 5.5], ddof=1) / np.sqrt(3) / 9)


def test_manifolds_of_different_sizes_stay_in_order():
    """Of every third ball only two points are left, so that its dimension is the smaller and its capacity the larger."""
    clouds = [cloud[:2] if number % 3 == 0 else cloud for number, cloud in enumerate(balls(0.7))]
    found = manifold_geometry(clouds, center_mean=False, n_probes=120).per_manifold
    few = np.arange(60) % 3 == 0
    assert found["dimension"][few].max() < found["dimension"][~few].min()
    assert found["capacity"][few].mean() > 1.2 * found["capacity"][~few].mean()


@pytest.mark.parametrize("margin", [-1.0, 0.0, 1.0])
def test_manifolds_of_similar_sizes_are_measured_as_alone(margin, monkeypatch):
    """The oracle solves manifolds of equal sizes together and pads none; at margin -1 many probes move nothing."""
    rng, sizes = np.random.default_rng(3), [12, 9, 14, 14, 10, 3, 13, 1]
    clouds = [rng.standard_normal((size, 60)) + 2 * rng.standard_normal(60) for size in sizes]
    clouds[3][4:] = clouds[3][:1]
    padded = manifold_geometry(clouds, margin, n_probes=60)
    monkeypatch.setattr(cavity, "PADDING", 0)
    assert len(cavity._of_similar_sizes(np.array(sizes))) == len(set(sizes))
    apart = manifold_geometry(clouds, margin, n_probes=60)
    for name, values in padded.per_manifold.items():
        np.testing.assert_allclose(values, apart.per_manifold[name], rtol=1e-9, atol=1e-12, err_msg=name)
    assert padded.kkt_residual < 1e-9


def test_similar_sizes_are_those_that_few_points_pad(monkeypatch):
    monkeypatch.setattr(cavity, "PADDING", 3)
    assert cavity._of_similar_sizes(np.array([7, 100, 10, 97, 96, 6])) == [[1, 3], [4], [2, 0], [5]]


def narrow():
    """10 manifolds of 15 points in 12 dimensions, so that what the others leave of each is in fewer dimensions than points."""
    rng = np.random.default_rng(2)
    return rng.standard_normal((10, 1, 12)) + rng.standard_normal((10, 15, 12))


def test_factors_make_the_remaining_products_in_as_many_dimensions_as_they_have():
    points = np.random.default_rng(0).standard_normal((3, 6, 4))
    points[1, 3] = 2 * points[1, 0]
    grams = points @ points.swapaxes(1, 2)
    found, factor, _ = _rooted(grams, grams, np.full(3, 6))
    assert np.allclose(found, grams, atol=1e-6)
    assert np.array_equal(np.any(factor, axis=1).sum(1), np.full(3, 4))
    assert not factor[1, :, 3].any()


def test_what_nothing_is_left_of_is_measured_as_it_is():
    points = np.random.default_rng(0).standard_normal((2, 3, 8))
    own = points @ points.swapaxes(1, 2)
    found, _, center = _rooted(np.stack([own[0], 1e-9 * own[1]]), own, np.full(2, 3))
    assert np.allclose(found, own, rtol=1e-6)
    assert np.allclose(center, np.sum(points.mean(1) ** 2, axis=1), rtol=1e-6)


def test_extents_of_a_thousandth_are_measured():
    """Ten times smaller ones have a tenth of the radius, and the dimension, to within the errors."""
    rng = np.random.default_rng(1)
    centers, points = rng.standard_normal((30, 1, 400)), rng.standard_normal((30, 15, 400))
    small, smaller = (manifold_geometry(centers + extent * points) for extent in (1e-2, 1e-3))
    for name, ratio in (("radius", 10), ("dimension", 1)):
        one, other = getattr(small, name), getattr(smaller, name)
        assert abs(one.value - ratio * other.value) < 4 * np.hypot(one.se, ratio * other.se), name


@pytest.mark.slow
@pytest.mark.parametrize("clouds", [lambda: layer_like(10, 40), narrow], ids=["wide", "narrow"])
def test_the_root_of_the_products_does_not_matter(clouds, monkeypatch):
    """Against symmetric roots, whose probes are others."""

    def symmetric(grams, length, sizes):
        value, axes = np.linalg.eigh(grams)
        real = value > LOST * np.sum(length**2, axis=1, keepdims=True)
        return (axes * np.sqrt(np.where(real, value, 0.0))[:, None, :]) @ axes.swapaxes(1, 2)

    one = manifold_geometry(clouds(), n_probes=2000)
    monkeypatch.setattr(cavity, "cholesky_factors", symmetric)
    other = manifold_geometry(clouds(), n_probes=2000)
    for name in QUANTITIES:
        found, right = getattr(one, name), getattr(other, name)
        assert found.value != right.value
        assert abs(found.value - right.value) < 4 * np.hypot(found.se, right.se), name


def test_which_manifolds_are_held_is_drawn():
    """Three active points of each of four manifolds, and room for six: every manifold is held in half of the draws."""
    points, active = JointProducts(np.eye(12), [3] * 4), [np.ones(3, dtype=bool)] * 4
    draws = [_some(active, points, 6, np.random.default_rng(seed)) for seed in range(400)]
    held = np.array([chosen.reshape(4, 3).all(axis=1) for chosen, _ in draws])
    assert (held.sum(axis=1) == 2).all()
    assert {share for _, share in draws} == {0.5}
    # A standard deviation of 10.
    assert np.abs(held.sum(axis=0) - 200).max() < 45


def test_few_manifolds_are_drawn_more_often_and_none_more_often_than_there_are_probes():
    draws = [number_of_draws(n, 300) for n in (1, 2, 10, 60, 1000)]
    assert draws == sorted(draws, reverse=True)
    assert draws[0] == 300 > draws[2] > draws[-1] == FEWEST
    assert number_of_draws(10, 5) == 5
