import numpy as np
import pytest

from empirical.separability import points_and_balls
from theory.capacity.correlated_spheres import sphere_covariance
from verify.strategies import correlated, digits
from verify.strategies.correlated import Spheres, Tree


def test_spheres_have_the_covariance_they_are_named_for():
    spheres, found = Spheres(3, 2, 0.7, 1.3, 0.6, 0.2), 0.0
    for seed in range(4000):
        centers, axes = correlated.vectors(spheres, np.random.default_rng(seed))
        stacked = np.concatenate([axes, centers[:, None]], axis=1)
        found = found + np.einsum("mia,nja->minj", stacked, stacked) / spheres.n_features / 4000
    np.testing.assert_allclose(found, sphere_covariance(3, 2, 0.7, 1.3, 0.6, 0.2), atol=0.06)


def test_a_trees_siblings_are_as_correlated_as_its_intensity():
    tree = Tree(4, 3, 0.5, 0.9)
    centers = tree.covariance()[:, -1, :, -1]
    np.testing.assert_allclose(centers[0, [0, 1, 2, 4, 8]], [1.0, 0.9, 0.6, 0.3, 0.0])
    np.testing.assert_allclose(tree.covariance()[:, 0, :, 0], centers)


def test_points_lean_towards_the_centre_by_their_leaning():
    covariance = Tree(2, 2, 0.5, 0.5, 0.7).covariance()
    np.testing.assert_allclose(covariance[:, 0, :, -1], 0.7 * covariance[:, -1, :, -1])
    np.testing.assert_allclose(covariance[0, 0, 0], [1.49, 0.49, 0.7])


@pytest.mark.parametrize("most", [1, 2, 7, 40])
def test_the_least_is_found_from_any_guess(most):
    wanted = np.arange(1, most + 1)
    for guess in (0, 1, most // 3, most, 2 * most):
        np.testing.assert_array_equal(correlated.least(lambda at, n: n >= wanted[at], most, most, guess), wanted)


@pytest.mark.parametrize("spheres", [Spheres(6, 1, 0.8, 1.0, 0.5, 0.3), Spheres(4, 2, 0.8, 1.0, 0.5, 0.3)])
def test_n_star_of_many_draws_is_that_of_one_at_a_time(spheres):
    found = correlated.features_of_draws(spheres, 60, np.random.default_rng(3))
    rng = np.random.default_rng(3)
    np.testing.assert_array_equal(found, [one_at_a_time(spheres, rng) for _ in range(60)])
    assert len(set(found)) > 3


def one_at_a_time(spheres, rng):
    """n* of one draw: the first number of features in which the balls are separable."""
    labels = rng.choice([-1.0, 1.0], spheres.n_manifolds)
    centers, axes = correlated.vectors(spheres, rng)
    return next(
        n
        for n in range(1, spheres.n_features + 1)
        if points_and_balls.separate_balls(centers[:, :n], axes[..., :n], 1.0, labels).separable
    )


def test_scaling_keeps_centres_and_recentring_keeps_norms_and_shapes():
    rng = np.random.default_rng(0)
    clouds = rng.standard_normal((5, 4, 9)) + 2 * rng.standard_normal((5, 1, 9))
    larger, moved = digits.scaled(clouds, 3.0), digits.recentred(clouds, rng)
    centers = clouds.mean(1)
    np.testing.assert_allclose(larger.mean(1), centers)
    np.testing.assert_allclose(larger - larger.mean(1, keepdims=True), 3 * (clouds - centers[:, None]))
    np.testing.assert_allclose(np.linalg.norm(moved.mean(1), axis=1), np.linalg.norm(centers, axis=1))
    np.testing.assert_allclose(moved - moved.mean(1, keepdims=True), clouds - centers[:, None], atol=1e-12)


def test_changes_of_the_digits_are_separated_in_the_same_projections():
    rng = np.random.default_rng(0)
    clouds = rng.standard_normal((4, 3, 12)) + 2 * rng.standard_normal((4, 1, 12))
    clouds -= clouds.mean((0, 1))
    # Only the directions of points from the origin matter.
    one, other, longer = digits.features_needed([clouds, clouds.copy(), 3 * clouds], 8, rng)
    assert (one == other).all()
    assert (one == longer).all()
    assert len(set(one.tolist())) > 1
