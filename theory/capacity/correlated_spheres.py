"""Capacity of spheres whose centres share a component, and whose axes share components: Wakhloo, Sussman & Chung 2023.

Sphere mu consists of the points c^mu + sum_i s_i a^mu_i, ||s|| <= 1. In every feature, independently, centres and axes are
Gaussian,

    c^mu = r0 (sqrt(psi) g_0 + sqrt(1 - psi) g_mu),   a^mu_i = r (sqrt(lambda) h_i0 + sqrt(1 - lambda) h_mu,i).

Thus psi is the correlation of the centres of any two spheres, and lambda the correlation of their i-th axes. The spheres share
1 + D vectors, g_0 and h_10 .. h_D0.

Upper bound on the cost: the shared vectors cost at most 1 + D features. A readout orthogonal to them sees, in N - 1 - D
features, spheres with independent centres of scale r0 sqrt(1 - psi) and independent axes of scale r sqrt(1 - lambda). If the
independent spheres are separable in N features with some probability, then the correlated spheres are separable in N + 1 + D
features with at least that probability, at every number P of spheres.

Upper bound on the gain: per manifold, the shared vectors do not help. Let b and d_i be the products of a readout with the
shared vectors. The readout must separate the independent spheres with an offset b + d.s; the bound lets b and d be free. For
random labels the mean displacement is convex in (b, d). It is also even, because reversing all labels reverses (b, d). So the
mean displacement is least at 0, and the offset gains o(P).

Therefore, as P grows at fixed D, correlated centres reduce the centre norm, and correlated axes reduce the radius:

    capacity = alpha_B(kappa / (r0 sqrt(1 - psi)), R_eff, D),   R_eff = r sqrt(1 - lambda) / (r0 sqrt(1 - psi)).
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.capacity import balls
from theory.numerics.validation import require, require_count, require_finite

Numbers = Any  # a number or an array, of the arguments' broadcast shape
Covariance = np.ndarray  # (P, D + 1, P, D + 1)


def effective_radius(
    radius: ArrayLike, center_norm: ArrayLike, center_correlation: ArrayLike, axis_correlation: ArrayLike
) -> Numbers:
    """R_eff, the radius of independent spheres of equal capacity, in units of their centre norm.

    :param radius: r >= 0. :param center_norm: r0 > 0, in the units of r. All arguments broadcast.
    :param center_correlation: psi within 0..1, below 1.
    :param axis_correlation: lambda within 0..1. At 1 the spheres share all axes, and R_eff is 0.
    """
    own = _own_norm(center_norm, center_correlation)
    radius, axis_correlation = np.asarray(radius, dtype=float), np.asarray(axis_correlation, dtype=float)
    require_finite("radius", radius)
    require(radius >= 0, "radius", radius, ">= 0")
    require((axis_correlation >= 0) & (axis_correlation <= 1), "axis_correlation", axis_correlation, "within 0..1")
    return (radius * np.sqrt(1 - axis_correlation) / own)[()]


def sphere_capacity(
    margin: ArrayLike,
    radius: ArrayLike,
    center_norm: ArrayLike,
    center_correlation: ArrayLike,
    axis_correlation: ArrayLike,
    shape_dim: ArrayLike,
) -> Numbers:
    """Capacity of correlated spheres in the limit of many spheres, at any margin.

    Source: Wakhloo et al. 2023, homogeneous spheres; the derivation is at the top of this file. Finite P, at margin 0: the mean
    least number of features is larger than P / capacity + 1/2 by at most 1 + D.

    :param margin: kappa, in the units of r and r0 (standardized where r0 = 1).
    :param radius, center_norm, center_correlation, axis_correlation: as in :func:`effective_radius`.
    :param shape_dim: D, as in :func:`theory.capacity.balls.ball_capacity`. All arguments broadcast.
    :returns: manifolds per feature.
    """
    own = _own_norm(center_norm, center_correlation)
    effective = effective_radius(radius, center_norm, center_correlation, axis_correlation)
    return balls.ball_capacity(np.asarray(margin, dtype=float) / own, effective, shape_dim)


def sphere_covariance(
    n_manifolds: int,
    shape_dim: int,
    radius: float,
    center_norm: float,
    center_correlation: float,
    axis_correlation: float,
) -> Covariance:
    """The covariance of centres and axes, for :func:`theory.capacity.correlated_clouds.correlated_capacity`.

    :param n_manifolds: P >= 1. :param shape_dim: D >= 0, whole.
    :param radius, center_norm, center_correlation, axis_correlation: numbers, as in :func:`effective_radius`.
    :returns: C, (P, D + 1, P, D + 1), where the last index of D + 1 is the centre.
    """
    require_count("n_manifolds", n_manifolds, 1)
    require_count("shape_dim", shape_dim, 0)
    n_manifolds, shape_dim = int(n_manifolds), int(shape_dim)
    effective_radius(radius, center_norm, center_correlation, axis_correlation)
    scale = np.r_[np.full(shape_dim, float(radius)), float(center_norm)] ** 2
    shared = np.r_[np.full(shape_dim, float(axis_correlation)), float(center_correlation)]
    own, same = np.eye(n_manifolds)[:, None, :, None], np.eye(shape_dim + 1)[None, :, None, :]
    return same * scale[:, None, None] * (shared[:, None, None] + (1 - shared)[:, None, None] * own)


def _own_norm(center_norm, center_correlation):
    """The scale of the part of a centre that is not shared."""
    center_norm, correlation = np.asarray(center_norm, dtype=float), np.asarray(center_correlation, dtype=float)
    require_finite("center_norm", center_norm)
    require(center_norm > 0, "center_norm", center_norm, "> 0")
    require((correlation >= 0) & (correlation < 1), "center_correlation", correlation, "within 0..1, below 1")
    return center_norm * np.sqrt(1 - correlation)
