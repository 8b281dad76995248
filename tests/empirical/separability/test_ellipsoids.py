import numpy as np
import pytest

from empirical.separability.ellipsoids import random_ellipsoids, separate_ellipsoids
from empirical.separability.points_and_balls import separate, separate_balls


def world(rng, n_manifolds, dim, n_features):
    centers, axes = rng.standard_normal((n_manifolds, n_features)), rng.standard_normal((n_manifolds, dim, n_features))
    return centers, axes, rng.choice([-1.0, 1.0], n_manifolds)


def test_equal_radii_are_balls():
    rng = np.random.default_rng(0)
    for _ in range(50):
        centers, axes, labels = world(rng, 5, 3, 9)
        ball = separate_balls(centers, axes, 0.7, labels)
        assert separate_ellipsoids(centers, axes, [0.7] * 3, labels).separable == ball.separable


def test_without_axes_they_are_points_and_segments():
    """A radius of 0 leaves its axis out: each manifold is the hull of the ends it has."""
    rng = np.random.default_rng(1)
    for _ in range(50):
        centers, axes, labels = world(rng, 6, 2, 6)
        radii = np.array([[0.0, 0.0]] * 3 + [[0.9, 0.0]] * 2 + [[0.0, 1.5]])
        reach = (radii[..., None] * axes).sum(1)
        ends = np.stack([centers + reach, centers - reach], axis=1)
        assert separate_ellipsoids(centers, axes, radii, labels).separable == separate(ends, labels).separable


def test_a_long_axis_is_harder_than_none_and_easier_than_a_ball():
    """Nested shapes: what separates the larger separates the smaller."""
    rng, counts = np.random.default_rng(2), np.zeros(3, dtype=int)
    for _ in range(200):
        centers, axes, labels = world(rng, 5, 2, 6)
        answers = [
            separate_ellipsoids(centers, axes, radii, labels).separable for radii in ([0.3, 0.3], [0.3, 2.0], [2.0, 2.0])
        ]
        assert answers == sorted(answers, reverse=True)
        counts += answers
    assert counts[0] > counts[1] > counts[2]


def test_a_separating_direction_separates_every_point():
    rng = np.random.default_rng(3)
    centers, axes, labels = world(rng, 4, 3, 10)
    radii = rng.uniform(0, 2, (4, 3))
    found = separate_ellipsoids(centers, axes, radii, labels)
    assert found.separable
    across = np.linalg.norm(radii * (axes @ found.direction), axis=1)
    assert np.all(labels * (centers @ found.direction) > across)


def test_draws_follow_their_generator():
    radii = np.array([[0.0, 0.0], [1.0, 0.0], [0.4, 2.0]])
    one, same = (random_ellipsoids(np.random.default_rng(4), radii, 4) for _ in range(2))
    np.testing.assert_array_equal(one.direction, same.direction)


@pytest.mark.parametrize(
    ("radii", "words"),
    [
        ([-1.0, 1.0], "radii must be finite and >= 0"),
        ([np.nan, 1.0], "radii must be finite"),
        ([1.0, 1.0, 1.0], "radii must have shape"),
        ([[1.0], [1.0], [1.0]], "radii must have shape"),
    ],
)
def test_bad_radii_are_named(radii, words):
    centers, axes, labels = world(np.random.default_rng(5), 3, 2, 4)
    with pytest.raises(ValueError, match=words):
        separate_ellipsoids(centers, axes, radii, labels)
