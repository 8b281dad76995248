"""Linear separability of ellipsoids through the origin, decided by cutting planes with a certificate and without theory.

An ellipsoid {center + sum_i R_i s_i axis_i : ||s|| <= 1} is the unit ball in its semi-axes R_i axis_i. It is therefore decided
by :func:`empirical.separability.points_and_balls.separate_balls`. An axis with radius 0 is absent, so that points, segments and
balls of different dimensions can be separated together.
"""

import numpy as np

from empirical.separability import many_balls, points_and_balls
from empirical.separability.points_and_balls import Axes, Centers, Labels, Separation

Radii = np.ndarray  # (P, D), or (D,) for all ellipsoids, >= 0


def separate_ellipsoids(centers: Centers, axes: Axes, radii: Radii, labels: Labels) -> Separation:
    """Whether ellipsoids are linearly separable through the origin, as an exact answer with its certificate.

    :param centers: shape (P, N).
    :param axes: shape (P, D, N), not necessarily orthonormal.
    :param radii: R_i >= 0, in units of the axes, shape (P, D); or (D,) if all ellipsoids have the same radii.
    :param labels: +1 or -1, shape (P,).
    :raises ValueError, Uncertified: as in :func:`empirical.separability.points_and_balls.separate_balls`.
    """
    return points_and_balls.separate_balls(centers, _semi_axes(axes, radii), 1.0, labels)


def random_ellipsoids(rng: np.random.Generator, radii: Radii, n_features: int) -> Separation:
    """Whether ellipsoids with Gaussian centres, Gaussian axes and random labels are separable, for one draw.

    :param radii: R_i, in units of the centre norm, shape (P, D); 0 where there is no axis.
    :param n_features: N.
    """
    n_manifolds, shape_dim = np.shape(radii)
    centers, axes, labels = points_and_balls.drawn_balls(rng, n_manifolds, n_features, shape_dim)
    return separate_ellipsoids(centers, axes, radii, labels)


def separable_draws(rng: np.random.Generator, radii: Radii, n_features: int, n_draws: int) -> np.ndarray:
    """Whether the ellipsoids of n draws of :func:`random_ellipsoids`, one after another, are separable, (n,)."""
    n_manifolds, shape_dim = np.shape(radii)

    def draw() -> tuple[Centers, Axes, Labels]:
        centers, axes, labels = points_and_balls.drawn_balls(rng, n_manifolds, n_features, shape_dim)
        return centers, _semi_axes(axes, radii), labels

    return many_balls.separable_draws(draw, n_draws, 1.0)


def _semi_axes(axes: Axes, radii: Radii) -> Axes:
    """The axes times their radii, (P, D, N); errors as in :func:`separate_ellipsoids`."""
    axes, radii = np.asarray(axes, dtype=float), np.asarray(radii, dtype=float)
    if not np.all(np.isfinite(radii) & (radii >= 0)):
        raise ValueError(f"radii must be finite and >= 0; received {radii!r}")
    if radii.shape not in (axes.shape[:-1], axes.shape[1:-1]):
        raise ValueError(f"radii must have shape (P, D) or (D,), as axes have shape {axes.shape}; received {radii.shape}")
    return radii[..., None] * axes
