import numpy as np
import pytest

from theory.geometry import gram_accumulation
from theory.geometry.gram_accumulation import grams_of
from theory.geometry.grams import Grams


def clouds(n_manifolds=3, n_points=6, n_features=40, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n_manifolds, 1, n_features)) * 3 + rng.standard_normal((n_manifolds, n_points, n_features))


def direct(raw, origin):
    """Offsets, along and centers of a list of clouds, in one go."""
    centers = np.stack([cloud.mean(0) for cloud in raw])
    offsets = [cloud - center for cloud, center in zip(raw, centers, strict=True)]
    moved = centers - origin
    return [o @ o.T for o in offsets], [o @ moved.T for o in offsets], moved @ moved.T


@pytest.mark.parametrize("center_mean", [True, False])
@pytest.mark.parametrize("chunk", [1, 100, 2**22])
def test_sums_over_features_are_inner_products(center_mean, chunk, monkeypatch):
    monkeypatch.setattr(gram_accumulation, "CHUNK", chunk)
    raw = clouds()
    found, expected = grams_of(raw, center_mean=center_mean), direct(raw, raw.mean((0, 1)) * center_mean)
    for one, other in zip((found.offsets, found.along, found.centers), expected, strict=True):
        np.testing.assert_allclose(one, np.array(other), atol=1e-10)


def test_clouds_may_differ_in_size_and_those_alike_are_grouped():
    raw = list(clouds())
    listed = [raw[0], raw[1][:2], raw[2]]
    found = grams_of(listed)
    offsets, along, centers = direct(listed, np.concatenate(listed).mean(0))
    np.testing.assert_allclose(found.centers, centers, atol=1e-10)
    groups = {tuple(index): (own, toward) for index, own, toward in found.groups()}
    assert set(groups) == {(0, 2), (1,)}
    np.testing.assert_allclose(groups[0, 2][0], np.stack([offsets[0], offsets[2]]), atol=1e-10)
    np.testing.assert_allclose(groups[1,][1], along[1][None], atol=1e-10)


@pytest.mark.parametrize("listed", [True, False])
def test_about_the_mean_afterwards_is_about_the_mean(listed):
    raw = [clouds()[0], clouds()[1][:3], clouds()[2]] if listed else clouds()
    before, after = grams_of(raw), grams_of(raw, center_mean=False).about_mean()
    for one, other in zip(before.along, after.along, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-10)
    np.testing.assert_allclose(before.centers, after.centers, atol=1e-10)


@pytest.mark.parametrize("raw", [clouds(), [clouds()[0], clouds()[1][:3]]], ids=["equal", "listed"])
def test_products_with_centres_may_be_left_out(raw):
    whole, part = grams_of(raw), grams_of(raw, along=False)
    assert part.along is None
    assert [toward for _, _, toward in part.groups()] == [None] * len({len(cloud) for cloud in raw})
    for one, other in zip((*whole.offsets, whole.centers), (*part.offsets, part.centers), strict=True):
        assert np.array_equal(one, other)
    with pytest.raises(ValueError, match="without along have no mean: pass center_mean=False"):
        part.about_mean()


def test_centers_may_be_held():
    raw = clouds()
    held = raw.mean(1) + 0.5
    found = grams_of(raw, center_mean=False, centers=held)
    offsets = raw - held[:, None]
    np.testing.assert_allclose(found.offsets, offsets @ offsets.transpose(0, 2, 1), atol=1e-10)
    np.testing.assert_allclose(found.centers, held @ held.T, atol=1e-10)


def test_single_precision_is_accumulated_in_double():
    """100,000 features of 1 + 1e-4 z: sums in float32 would lose the offsets."""
    raw = (1 + 1e-4 * np.random.default_rng(0).standard_normal((2, 3, 100_000))).astype(np.float32)
    found, exact = grams_of(raw).offsets, grams_of(raw.astype(float)).offsets
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, exact, rtol=1e-9)


def test_every_backend_has_the_same_sums(backend):
    raw = clouds()
    found, exact = grams_of(backend.array(raw)), grams_of(raw)
    double = type(backend)(backend.xp, backend.device, "float64")
    np.testing.assert_allclose(double.numpy(found.offsets), exact.offsets, atol=1e-4)
    np.testing.assert_allclose(double.numpy(found.along), exact.along, atol=1e-4)
    assert grams_of([backend.array(cloud) for cloud in raw]).centers.dtype == found.centers.dtype


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: grams_of(np.where(np.arange(40) == 3, np.nan, clouds())), "manifold 0 must be finite; it has 6 NaN"),
        (lambda: grams_of([clouds()[0], clouds()[1] * np.inf]), "manifold 1 must be finite; it has 240"),
        (lambda: grams_of(1e200 * clouds()), "too large for inner products in float64"),
        (lambda: grams_of([]), "one or more"),
        (lambda: grams_of([np.ones((2, 3)), np.ones((2, 4))]), r"of one width; received widths \[3, 4\]"),
        (lambda: grams_of(clouds(), centers=np.ones((2, 40))), r"of shape \(3, 40\)"),
        (lambda: grams_of([np.ones(3)]), "manifold 0 must be"),
        (lambda: grams_of(np.ones((3, 4))), r"clouds must be \(manifolds, points, features\)"),
        (lambda: grams_of(np.ones((3, 0, 4))), "none of them 0"),
    ],
)
def test_bad_clouds_are_named(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_inner_products_may_be_given():
    raw = clouds()
    centers = raw.mean(1)
    offsets = raw - centers[:, None]
    given = Grams(offsets @ offsets.transpose(0, 2, 1), offsets @ centers.T, centers @ centers.T)
    np.testing.assert_allclose(given.about_mean().centers, grams_of(raw).centers, atol=1e-10)
