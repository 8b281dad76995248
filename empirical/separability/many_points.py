"""Separability of points in many small problems at once, by the number of features that each of them needs."""

import numpy as np

from empirical.separability import many_balls, nested_features, points_and_balls


def least_features(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The least number n* > 0 of first features in which labelled points are separable, in each of n problems, (n,).

    It is N + 1 where all features do not separate them. Every answer is certified. Parameters and errors as for
    :func:`separable`.
    """
    shape = np.shape(points)
    flat = points_and_balls.signed_points(np.reshape(points, (-1, *shape[2:])), np.reshape(labels, -1))
    return nested_features.least_features(flat.reshape(shape[0], -1, shape[-1]))


def separable(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Whether w.(label * point) > 0 has a solution w, in each of n problems, (n,); every answer is certified.

    :param points: shape (n, points, N); or manifolds of points, shape (n, P, M, N).
    :param labels: +1 or -1, one per point or one per manifold, shape (n, points) or (n, P).
    :raises ValueError, Uncertified: as in :func:`empirical.separability.points_and_balls.separate`.
    """
    return least_features(points, labels) <= np.shape(points)[-1]


def separable_count(
    rng: np.random.Generator, n_draws: int, n_manifolds: int, n_features: int, radius: float, shape_dim: int
) -> int:
    """How many of n draws of P balls with Gaussian centres, Gaussian axes and random labels are separable.

    Further parameters as for :func:`empirical.separability.points_and_balls.random_balls`.
    """
    if shape_dim > 1:

        def draw() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            return points_and_balls.drawn_balls(rng, n_manifolds, n_features, shape_dim)

        return int(many_balls.separable_draws(draw, n_draws, radius).sum())
    labels = rng.choice([-1.0, 1.0], (n_draws, n_manifolds))
    centers, axes = rng.standard_normal((shape_dim + 1, n_draws, n_manifolds, n_features))[[0, -1]]
    points = points_and_balls.segment_ends(centers, axes, radius) if shape_dim else centers
    return int(separable(points, labels).sum())
