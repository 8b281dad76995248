"""Exact separability at finite P and N, margin 0: intrinsic volumes of product cones.

P manifolds with Gaussian centres and axes in N features are separable through the origin, under random labels, exactly
when a random N-dimensional subspace meets the dual of the product of their cones. The conic kinematic formula (Amelunxen,
Lotz, McCoy & Tropp 2014) then gives, with v the intrinsic volumes of the product,

    P(separable) = 2 (v_{N-1} + v_{N-3} + ...).

Points have v = (1/2, 1/2), and the formula is Cover's.
"""

import numpy as np
from scipy import special

from theory.domain import require, require_count, require_finite


def ball_volumes(radius, shape_dim: int):
    """Intrinsic volumes of the circular cone over a ball of radius R in D dimensions.

    Source: Amelunxen et al. 2014, appendix on circular cones; half-angle arctan R in D + 1 dimensions. A segment (D = 1)
    has (1/2 - a, 1/2, a), a = arctan(R)/pi; a point is D = 0.

    :param radius: R within 1e-6..1e6, in units of the centre norm, a number.
    :param shape_dim: D >= 0, whole.
    :returns: v_0 .. v_{D+1}, shape (D + 2,), adding up to 1.
    """
    require_count("shape_dim", shape_dim, 0)
    if shape_dim == 0:
        return np.array([0.5, 0.5])
    require_finite("radius", radius)
    require((radius >= 1e-6) & (radius <= 1e6), "radius", radius, "within 1e-6..1e6")
    ambient = shape_dim + 1
    # Logarithms of sin^2 and cos^2 of the half-angle, neither of which may underflow.
    log_sine2, log_cosine2 = -np.log1p(radius**-2.0), -np.log1p(radius**2.0)
    faces = np.arange(1, ambient)
    log_binomial = special.gammaln(ambient / 2) - special.gammaln((faces + 1) / 2) - special.gammaln((ambient - faces + 1) / 2)
    log_angles = (faces - 1) / 2 * log_sine2 + (ambient - faces - 1) / 2 * log_cosine2
    inner = 0.5 * np.exp(log_binomial + log_angles)
    polar = 0.5 * special.betainc((ambient - 1) / 2, 0.5, np.exp(log_cosine2))
    whole = 0.5 * special.betainc((ambient - 1) / 2, 0.5, np.exp(log_sine2))
    return np.concatenate([[polar], inner, [whole]])


def product_volumes(volumes, n_manifolds: int):
    """Intrinsic volumes of the product of P equal cones: the P-fold convolution of one cone's.

    :param volumes: v_0 .. v_d of one cone, shape (d + 1,).
    :param n_manifolds: P >= 1.
    :returns: shape (P d + 1,).
    """
    require_count("n_manifolds", n_manifolds, 1)
    product = np.array([1.0])
    for bit in bin(int(n_manifolds))[2:]:
        product = np.convolve(product, product)
        if bit == "1":
            product = np.convolve(product, volumes)
    return product


def separable_probability(volumes, n_manifolds: int, n_features: int) -> float:
    """Probability that P such manifolds with random labels are linearly separable in N features, through the origin.

    :param volumes: intrinsic volumes of one manifold's cone, shape (d + 1,), as :func:`ball_volumes` gives them.
    :param n_manifolds: P >= 1.
    :param n_features: N >= 1.
    :returns: probability, exact at every finite P and N.
    """
    require_count("n_features", n_features, 1)
    product = product_volumes(volumes, n_manifolds)
    return float(2 * product[: int(n_features)][::-1][::2].sum())


def statistical_dimension(volumes) -> float:
    """Mean of the intrinsic volumes' index: E||projection of a Gaussian on the cone||^2 = 1 / capacity at margin 0."""
    return float(np.arange(len(volumes)) @ volumes)
