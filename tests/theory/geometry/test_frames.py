import numpy as np
import pytest

from theory.geometry.frames import frames_of
from theory.geometry.gram_accumulation import grams_of
from theory.geometry.grams import Grams


def clouds(n_manifolds=3, n_points=6, n_features=9, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n_manifolds, 1, n_features)) * 3 + rng.standard_normal((n_manifolds, n_points, n_features))


def only(raw, kind="reduced", **options):
    (found,) = frames_of(grams_of(raw, **options), kind=kind)
    return found


@pytest.mark.parametrize("kind", ["reduced", "published"])
def test_a_frame_keeps_the_offsets_inner_products(kind):
    raw = clouds()
    found = only(raw, kind, center_mean=False)
    for manifold, cloud in enumerate(raw):
        offsets = (cloud - cloud.mean(0)) / np.linalg.norm(cloud.mean(0))
        for gram in (found.gram[manifold], found.root[manifold].T @ found.root[manifold]):
            np.testing.assert_allclose(gram, offsets @ offsets.T, atol=1e-12)
        coordinates = found.coordinates(manifold)
        np.testing.assert_allclose(coordinates[:-1].T @ coordinates[:-1], offsets @ offsets.T, atol=1e-12)
        assert (coordinates[-1] == 1).all()


def test_reduced_frames_drop_dead_directions_and_published_ones_keep_one():
    raw = clouds()
    assert list(only(raw).axes) == list(only(raw).rank) == [5, 5, 5]
    assert list(only(raw, "published").axes) == [6, 6, 6]
    assert list(only(raw, "published").rank) == [5, 5, 5]
    assert only(raw).coordinates().shape == (6, 6)


def test_published_frames_have_no_more_axes_than_features():
    assert list(only(clouds(n_features=4), "published").axes) == [4, 4, 4]


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
def test_rotation_scale_and_added_features_change_nothing(scale):
    raw = clouds()
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((9, 9)))[0]
    padded = np.concatenate([scale * raw @ turn, np.zeros((3, 6, 4))], axis=2)
    one, other = only(raw), only(padded)
    np.testing.assert_allclose(one.gram, other.gram, atol=1e-11)
    np.testing.assert_allclose(one.root, other.root, atol=1e-7)


def test_identical_points_and_single_points_are_points():
    raw = clouds() + 1e3
    assert list(only(np.repeat(raw[:, :1], 6, axis=1)).rank) == [0, 0, 0]
    assert list(only(raw[:, :1]).rank) == [0, 0, 0]
    assert only(raw[:, :1]).coordinates().shape == (1, 1)


def test_directions_without_extent_are_dropped_at_any_offset():
    raw = np.concatenate([clouds(), np.full((3, 6, 2), 1e4)], axis=2)
    assert list(only(raw).rank) == [5, 5, 5]


def test_removed_directions_are_gone_from_offsets_and_centres():
    """Against the points themselves, projected."""
    raw = clouds(6)
    grams = grams_of(raw)
    centers = raw.mean(1) - raw.mean((0, 1))
    left, extent, right = np.linalg.svd(centers, full_matrices=False)
    directions = left[:, :2] / extent[:2]
    (found,) = frames_of(grams, directions)
    moved = raw - raw.mean((0, 1))
    moved = moved - moved @ right[:2].T @ right[:2]
    np.testing.assert_allclose(found.gram, only(moved, center_mean=False).gram, atol=1e-10)


def test_manifolds_are_measured_together_in_parts():
    found = only(clouds(20))
    parts = list(found.in_parts(5000))
    assert [i for part in parts for i in part.index] == list(range(20))
    assert len(parts) > 1
    np.testing.assert_array_equal(np.concatenate([part.root for part in parts]), found.root)


@pytest.mark.parametrize("far", [1e2, 1e7, 1e9])
def test_one_point_far_out_does_not_hide_the_others(far):
    raw = clouds(2)
    held = raw.mean(1)
    raw[:, 0] *= far
    found = only(raw, center_mean=False, centers=held)
    assert (found.rank >= 5).all()
    near = ((raw - held[:, None]) / np.linalg.norm(held, axis=1)[:, None, None])[:, 1:]
    np.testing.assert_allclose(found.gram[:, 1:, 1:], near @ near.transpose(0, 2, 1), rtol=1e-3, atol=1e-3)


def test_offsets_that_are_no_inner_products_are_refused():
    good = grams_of(clouds())
    with pytest.raises(ValueError, match=r"offsets of manifold [012] are not inner products"):
        list(frames_of(Grams(-good.offsets, good.along, good.centers)))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: only(clouds(1)), "manifold 0 has its centre at the origin .* a single manifold"),
        (lambda: only([np.array([[1.0, 2.0], [-1.0, -2.0]])], center_mean=False), "manifold 0 has its centre"),
        (
            lambda: only(clouds() * np.where(np.arange(6) == 2, 1e12, 1)[:, None], centers=clouds().mean(1), center_mean=False),
            "manifold [012] has a point so far out",
        ),
        (lambda: only(clouds(), kind="other"), "frames must be one of reduced, published"),
        (
            lambda: list(frames_of(Grams(np.ones((2, 3, 3)), np.ones((2, 3, 2)), np.ones((2, 2))).about_mean())),
            "manifold 0 has",
        ),
    ],
)
def test_bad_manifolds_are_named(make, words):
    with pytest.raises(ValueError, match=words):
        make()
