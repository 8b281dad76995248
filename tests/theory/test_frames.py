import numpy as np
import pytest

from theory.frames import frames_of


def clouds(n_manifolds=3, n_points=6, n_features=9, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n_manifolds, 1, n_features)) * 3 + rng.standard_normal((n_manifolds, n_points, n_features))


def inner_products(frame):
    return frame.coordinates.T @ frame.coordinates - 1


@pytest.mark.parametrize("kind", ["reduced", "published"])
def test_a_frame_keeps_the_offsets_inner_products(kind):
    raw = clouds()
    for cloud, frame in zip(raw, frames_of(raw, center_mean=False, kind=kind), strict=True):
        offsets = (cloud - cloud.mean(0)) / np.linalg.norm(cloud.mean(0))
        np.testing.assert_allclose(inner_products(frame), offsets @ offsets.T, atol=1e-12)
        assert (frame.coordinates[-1] == 1).all()
        assert frame.center_norm == pytest.approx(np.linalg.norm(cloud.mean(0)))


def test_reduced_frames_drop_dead_directions_and_published_ones_keep_one():
    raw = clouds()
    assert [frame.shape_dim for frame in frames_of(raw)] == [5, 5, 5]
    assert [frame.shape_dim for frame in frames_of(raw, kind="published")] == [6, 6, 6]


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
def test_rotation_scale_and_added_features_change_nothing(scale):
    raw = clouds()
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((9, 9)))[0]
    padded = np.concatenate([scale * raw @ turn, np.zeros((3, 6, 4))], axis=2)
    for one, other in zip(frames_of(raw), frames_of(padded), strict=True):
        np.testing.assert_allclose(inner_products(one), inner_products(other), atol=1e-11)


def test_identical_points_and_single_points_are_points():
    raw = clouds()
    same = np.repeat(raw[:, :1], 6, axis=1)
    assert [frame.shape_dim for frame in frames_of(same)] == [0, 0, 0]
    assert [frame.shape_dim for frame in frames_of(raw[:, :1])] == [0, 0, 0]


def test_clouds_may_differ_in_size_and_centers_may_be_given():
    raw = clouds()
    listed = [raw[0], raw[1][:2], raw[2][:4]]
    assert [frame.coordinates.shape[1] for frame in frames_of(listed)] == [6, 2, 4]
    held = frames_of(listed, centers=raw.mean(1), center_mean=False)
    assert held[1].center_norm == pytest.approx(np.linalg.norm(raw[1].mean(0)))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: frames_of(clouds(1)), "manifold 0 has its centre at the origin .* pass two or more"),
        (lambda: frames_of([np.array([[1.0, 2.0], [-1.0, -2.0]])], center_mean=False), "manifold 0 has its centre"),
        (lambda: frames_of(np.where(np.arange(9) == 3, np.nan, clouds())), "manifold 0 must be finite; it has 6 NaN"),
        (lambda: frames_of([]), "one or more"),
        (lambda: frames_of([np.ones((2, 3)), np.ones((2, 4))]), r"of one width; received widths \[3, 4\]"),
        (lambda: frames_of(clouds(), kind="other"), "frames must be one of reduced, published"),
        (lambda: frames_of(clouds(), centers=np.ones((2, 9))), r"of shape \(3, 9\)"),
        (lambda: frames_of([np.ones(3)]), "manifold 0 must be"),
    ],
)
def test_bad_clouds_are_named(make, words):
    with pytest.raises(ValueError, match=words):
        make()
