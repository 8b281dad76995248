"""Manifolds that are easy and manifolds that are not: what real layers put out."""

import numpy as np


def gaussian(rng, n_points, dim):
    return rng.standard_normal((dim, n_points))


def badly_conditioned(rng, n_points, dim):
    """Extents from 1 down to 1e-6."""
    return np.geomspace(1, 1e-6, dim)[:, None] * rng.standard_normal((dim, n_points))


def duplicates(rng, n_points, dim):
    once = rng.standard_normal((dim, -(-n_points // 2)))
    return np.hstack([once, once])[:, :n_points]


def dead_directions(rng, n_points, dim):
    """Every second coordinate is 0, as after a ReLU."""
    return rng.standard_normal((dim, n_points)) * (np.arange(dim) % 2 == 0)[:, None]


def few_directions(rng, n_points, dim):
    """Rank 2, or the dimension where that is less."""
    return rng.standard_normal((dim, min(2, dim))) @ rng.standard_normal((min(2, dim), n_points))


def rectified(rng, n_points, dim):
    """After a ReLU: many exact zeros, all to one side."""
    return np.maximum(rng.standard_normal((dim, 4)) @ rng.standard_normal((4, n_points)), 0)


def crowded(rng, n_points, dim):
    """Nearly all points are one point."""
    points = rng.standard_normal((dim, n_points))
    points[:, n_points // 4 :] = points[:, :1]
    return points


def far_from_centre(rng, n_points, dim):
    """Offsets a hundred centre norms away, all to one side."""
    return 100 + rng.standard_normal((dim, n_points))


def tiny(rng, n_points, dim):
    """A radius of a thousandth."""
    return 1e-3 * rng.standard_normal((dim, n_points))


SHAPES = (
    gaussian,
    badly_conditioned,
    duplicates,
    dead_directions,
    few_directions,
    rectified,
    crowded,
    far_from_centre,
    tiny,
)
SIZES = ((1, 3), (4, 9), (14, 5), (40, 60), (60, 6))


def frame(shape, size, seed=0):
    """(D + 1, M), last row 1, and 30 Gaussian probes."""
    n_points, dim = size
    rng = np.random.default_rng([seed, n_points, dim, *shape.__name__.encode()])
    return np.vstack([shape(rng, n_points, dim), np.ones(n_points)]), rng.standard_normal((dim + 1, 30))
