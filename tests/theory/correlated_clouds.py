"""Clouds with shared directions, as the layers of networks have them; and classes of many points, to draw clouds from."""

import numpy as np


def balls(strength, seed=0):
    """60 balls of radius 0.25 in 4 dimensions of their own, 15 points each, in 120 features, (60, 15, 120).

    :param strength: the share of each centre's length, squared, that lies in 3 directions common to all centres is strength^2.
    """
    rng = np.random.default_rng(seed)
    shared = rng.standard_normal((60, 3)) @ rng.standard_normal((3, 120)) / np.sqrt(3)
    centers = np.sqrt(1 - strength**2) * rng.standard_normal((60, 120)) + strength * shared
    axes, points = rng.standard_normal((60, 4, 120)), rng.standard_normal((60, 15, 4))
    points /= np.linalg.norm(points, axis=2, keepdims=True)
    return (centers[:, None] + 0.25 * points @ axes) / np.sqrt(120)


def layer_like(n_manifolds, n_features, seed=0, n_points=20):
    """Centres and offsets with one covariance, whose eigenvalues fall as 1/i, about their mean, (P, M, N)."""
    rng, extents = np.random.default_rng(seed), spectrum(n_features)
    centers = rng.standard_normal((n_manifolds, n_features)) * extents
    points = centers[:, None] + rng.standard_normal((n_manifolds, n_points, n_features)) * extents
    return points - points.mean((0, 1))


def classes(n_manifolds, n_features=300, own=0.5, seed=0):
    """Like :func:`layer_like`, 200 points each; ``own`` is the share of the offsets in 5 axes of each class, (P, 200, N)."""
    rng, extents = np.random.default_rng(seed), spectrum(n_features)
    centers, axes = rng.standard_normal((n_manifolds, n_features)), rng.standard_normal((n_manifolds, 5, n_features))
    shared = rng.standard_normal((n_manifolds, 200, n_features))
    offsets = np.sqrt(1 - own) * shared + np.sqrt(own / 5) * rng.standard_normal((n_manifolds, 200, 5)) @ axes
    return (centers[:, None] + offsets) * extents


def spectrum(n_features):
    """Extents, (N,), of which the squares fall as 1/i and sum to 1."""
    squares = 1 / np.arange(1, n_features + 1)
    return np.sqrt(squares / squares.sum())
