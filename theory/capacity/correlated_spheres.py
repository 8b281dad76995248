"""Capacity of spheres whose centres, and whose axes, have a part in common: Wakhloo, Sussman & Chung 2023.

Sphere mu is the points c^mu + sum_i s_i a^mu_i, ||s|| <= 1. In every feature, independently, centres and axes are Gaussian,

    c^mu = r0 (sqrt(psi) g_0 + sqrt(1 - psi) g_mu),   a^mu_i = r (sqrt(lambda) h_i0 + sqrt(1 - lambda) h_mu,i),

so that psi correlates the centres, and lambda the i-th axes, of any two spheres. Beside the spheres' own vectors there are
1 + D shared ones, g_0 and h_10 .. h_D0.

*They cost at most 1 + D features.* A readout orthogonal to them sees spheres of independent centres, of scale
r0 sqrt(1 - psi), and axes, of scale r sqrt(1 - lambda), in N - 1 - D features: if those are separable in N features with some
probability, these are in N + 1 + D with at least that, at every number P of spheres.

*Nor do they help, per manifold.* Given its products b, d_i with the shared vectors, a readout must solve the same independent
spheres with an offset b + d.s, which relaxes to free b, d. For random labels the mean displacement is convex in (b, d), and
even, since to turn all labels is to turn (b, d); so it is least at 0, and the offset gains o(P).

Hence, as P grows at fixed D, correlated centres shrink the centre norm and correlated axes the radius:

    capacity = alpha_B(kappa / (r0 sqrt(1 - psi)), R_eff, D),   R_eff = r sqrt(1 - lambda) / (r0 sqrt(1 - psi)).
"""

import numpy as np

from theory.capacity import balls
from theory.numerics.validation import require, require_count, require_finite


def effective_radius(radius, center_norm, center_correlation, axis_correlation):
    """R_eff, the radius in centre-norm units of independent spheres of the same capacity.

    :param radius: r >= 0. :param center_norm: r0 > 0, in the same units; both broadcast with the others.
    :param center_correlation: psi within 0..1, below 1. :param axis_correlation: lambda within 0..1; at 1 nothing of the
        spheres is their own but a point.
    """
    own = _own_norm(center_norm, center_correlation)
    radius, axis_correlation = np.asarray(radius, dtype=float), np.asarray(axis_correlation, dtype=float)
    require_finite("radius", radius)
    require(radius >= 0, "radius", radius, ">= 0")
    require((axis_correlation >= 0) & (axis_correlation <= 1), "axis_correlation", axis_correlation, "within 0..1")
    return (radius * np.sqrt(1 - axis_correlation) / own)[()]


def sphere_capacity(margin, radius, center_norm, center_correlation, axis_correlation, shape_dim):
    """Capacity of correlated spheres in the limit of many, at any margin.

    Source: Wakhloo et al. 2023, homogeneous spheres; the argument is above. Finite P: the mean least number of features is at
    most 1 + D above P / capacity + 1/2, at margin 0.

    :param margin: kappa, in the units of r and r0 (standardized where r0 = 1).
    :param shape_dim: D, as :func:`theory.capacity.balls.ball_capacity`; the others as :func:`effective_radius`. All broadcast.
    :returns: manifolds per feature.
    """
    own = _own_norm(center_norm, center_correlation)
    effective = effective_radius(radius, center_norm, center_correlation, axis_correlation)
    return balls.ball_capacity(np.asarray(margin, dtype=float) / own, effective, shape_dim)


def sphere_covariance(n_manifolds: int, shape_dim: int, radius, center_norm, center_correlation, axis_correlation):
    """The covariance of centres and axes, as :func:`theory.capacity.correlated_clouds.correlated_capacity` takes it.

    :param n_manifolds: P >= 1. :param shape_dim: D >= 0, whole. The others are numbers, as :func:`effective_radius`.
    :returns: C, (P, D + 1, P, D + 1); axes first, the centre last.
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
    """The scale of a centre's own part."""
    center_norm, correlation = np.asarray(center_norm, dtype=float), np.asarray(center_correlation, dtype=float)
    require_finite("center_norm", center_norm)
    require(center_norm > 0, "center_norm", center_norm, "> 0")
    require((correlation >= 0) & (correlation < 1), "center_correlation", correlation, "within 0..1, below 1")
    return center_norm * np.sqrt(1 - correlation)
