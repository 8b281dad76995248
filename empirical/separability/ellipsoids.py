"""Ellipsoids of any radii, linearly separable through the origin or not: by cutting planes, with a certificate and no theory.

An ellipsoid {center + sum_i R_i s_i axis_i : ||s|| <= 1} is the unit ball in its semi-axes R_i axis_i, so that
:func:`empirical.separability.points_and_balls.separate_balls` decides it. Where a radius is 0 that axis is absent: points,
segments and balls of different dimensions are separated together.
"""

import numpy as np

from empirical.separability import points_and_balls
from empirical.separability.points_and_balls import Separation


def separate_ellipsoids(centers, axes, radii, labels) -> Separation:
    """Decide whether ellipsoids are separable, exactly.

    :param centers: shape (P, N).
    :param axes: shape (P, D, N), not necessarily orthonormal.
    :param radii: R_i >= 0, in units of the axes; (P, D), or (D,) where all ellipsoids have the same.
    :param labels: +1 or -1, shape (P,).
    :raises ValueError, Uncertified: as :func:`empirical.separability.points_and_balls.separate_balls`.
    """
    axes, radii = np.asarray(axes, dtype=float), np.asarray(radii, dtype=float)
    if not np.all(np.isfinite(radii) & (radii >= 0)):
        raise ValueError(f"radii must be finite and >= 0; received {radii!r}")
    if radii.shape not in (axes.shape[:-1], axes.shape[1:-1]):
        raise ValueError(f"radii must have shape (P, D) or (D,) beside axes {axes.shape}; received {radii.shape}")
    return points_and_balls.separate_balls(centers, radii[..., None] * axes, 1.0, labels)


def random_ellipsoids(rng: np.random.Generator, radii, n_features: int) -> Separation:
    """Separate ellipsoids with Gaussian centres, axes and random labels.

    :param radii: R_i, in units of the centre norm, shape (P, D); 0 where there is no axis.
    :returns: the :class:`~empirical.separability.points_and_balls.Separation` of one draw.
    """
    n_manifolds, shape_dim = np.shape(radii)
    labels = rng.choice([-1.0, 1.0], n_manifolds)
    centers = rng.standard_normal((n_manifolds, n_features))
    axes = rng.standard_normal((n_manifolds, shape_dim, n_features))
    return separate_ellipsoids(centers, axes, radii, labels)
