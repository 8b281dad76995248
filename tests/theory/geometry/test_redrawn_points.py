"""Halves of the points and shuffled labels, from inner products alone, against the same of the points."""

import numpy as np
import pytest

from tests.theory.correlated_clouds import layer_like
from theory.geometry.gram_accumulation import grams_of
from theory.geometry.manifolds import manifold_geometry
from theory.geometry.redrawn_points import half_of, shuffled, taken

SIZES = (6, 3, 9, 1, 2)


def listed(sizes=SIZES):
    return [cloud[:size] for cloud, size in zip(layer_like(len(sizes), 30, n_points=9), sizes, strict=True)]


def owners(sizes):
    return np.repeat(np.arange(len(sizes)), sizes)


def assert_same(one, other):
    """Every field of inner products, however they are listed."""
    for name in ("offsets", "along"):
        for mine, its in zip(getattr(one, name), getattr(other, name), strict=True):
            np.testing.assert_allclose(mine, its, atol=1e-12)
    np.testing.assert_allclose(one.centers, other.centers, atol=1e-12)
    np.testing.assert_allclose(one.points, other.points, atol=1e-12)
    assert (one.sizes, one.n_features) == (other.sizes, other.n_features)


def rows_of(given, found):
    """Which of the given points each found point is: their inner products with themselves and all others tell."""
    before, after = np.diag(given.points), np.diag(found.points)
    return np.argmin(np.abs(before[None, :] - after[:, None]), axis=1)


@pytest.mark.parametrize("center_mean", [True, False])
@pytest.mark.parametrize("sizes", [SIZES, (9, 9, 9, 9)])
def test_all_points_taken_are_the_same_manifolds(sizes, center_mean):
    clouds = listed(sizes) if len(set(sizes)) > 1 else np.stack(listed(sizes))
    given = grams_of(clouds, center_mean=center_mean, points=True)
    assert_same(taken(given, np.arange(sum(sizes)), list(sizes)), given)


def test_points_taken_are_the_inner_products_of_these_points():
    clouds, rows, sizes = listed(), np.array([8, 0, 3, 20, 11, 12, 13]), [3, 4]
    given = grams_of(clouds, center_mean=False, points=True)
    points = np.concatenate(clouds)[rows]
    assert_same(taken(given, rows, sizes), grams_of([points[:3], points[3:]], center_mean=False, points=True))


def test_points_taken_are_about_the_same_origin_until_their_mean_is_subtracted():
    clouds, rows = layer_like(4, 30, n_points=9) + 1.0, np.arange(0, 36, 3)
    given = grams_of(clouds, points=True)
    points = (clouds - clouds.mean((0, 1))).reshape(36, -1)[rows].reshape(4, 3, -1)
    assert_same(taken(given, rows, [3] * 4), grams_of(points, center_mean=False, points=True))
    assert_same(taken(given, rows, [3] * 4).about_mean(), grams_of(points, points=True))


def test_a_half_has_half_of_the_points_of_each_manifold_and_at_least_two():
    given = grams_of(listed(), points=True)
    half = half_of(given, np.random.default_rng(0))
    assert half.sizes == [3, 2, 4, 1, 2]
    rows = rows_of(given, half)
    assert len(set(rows)) == len(rows)
    assert owners(SIZES)[rows].tolist() == owners(half.sizes).tolist()
    np.testing.assert_allclose(half.points, given.points[np.ix_(rows, rows)], atol=1e-12)


def test_every_point_is_in_half_of_the_halves():
    given, rng = grams_of(layer_like(4, 30, n_points=9), points=True), np.random.default_rng(0)
    counts = np.bincount(np.concatenate([rows_of(given, half_of(given, rng)) for _ in range(900)]), minlength=36)
    # 4 of 9 points: a binomial of 900 draws, 5 standard deviations.
    assert np.abs(counts - 400).max() < 5 * np.sqrt(900 * 4 / 9 * 5 / 9)


@pytest.mark.parametrize("sizes", [SIZES, (9, 9, 9, 9), (4, 1, 1, 1, 2), (1, 1, 1)])
def test_no_shuffled_point_keeps_its_label(sizes):
    given = grams_of(listed(sizes), points=True)
    for seed in range(20):
        found = shuffled(given, np.random.default_rng(seed))
        rows = rows_of(given, found)
        assert found.sizes == list(sizes)
        assert sorted(rows) == list(range(sum(sizes)))
        assert not np.any(owners(sizes)[rows] == owners(sizes))


def test_where_more_than_half_of_the_points_have_one_label_some_keep_it():
    sizes = (9, 2, 3)
    given = grams_of(listed(sizes), points=True)
    rows = rows_of(given, shuffled(given, np.random.default_rng(0)))
    assert sorted(rows) == list(range(14))
    assert 4 <= np.count_nonzero(owners(sizes)[rows] == owners(sizes)) < 14


@pytest.mark.filterwarnings("ignore:.*the theory is a limit of many")
@pytest.mark.parametrize(("n_manifolds", "n_points"), [(10, 10), (20, 20)])
def test_shuffled_points_have_the_capacity_of_unstructured_points(n_manifolds, n_points):
    """2 / M, whatever structure the points have; the same points under their own labels have twice as much."""
    given = grams_of(layer_like(n_manifolds, 600, n_points=n_points), points=True)
    null = manifold_geometry(shuffled(given, np.random.default_rng(0)), n_probes=120).capacity
    assert null.value == pytest.approx(2 / n_points, rel=0.1)
    assert manifold_geometry(given, n_probes=120).capacity.value > 1.9 * null.value
