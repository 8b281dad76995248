"""Exact separability at finite P and N, margin 0: intrinsic volumes of product cones.

P manifolds with Gaussian centres and axes in N features are separable through the origin, under random labels, exactly
when a random N-dimensional subspace meets the dual of the product of their cones. The conic kinematic formula (Amelunxen,
Lotz, McCoy & Tropp 2014) then gives, with v the intrinsic volumes of the product,

    P(separable) = 2 (v_{N-1} + v_{N-3} + ...).

Points have v = (1/2, 1/2), and the formula is Cover's.
"""

from collections.abc import Sequence

import numpy as np
from scipy import special

from theory.numerics.validation import require, require_count, require_finite


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


def mixture_volumes(kinds: Sequence, counts: Sequence[int]):
    """Intrinsic volumes of the product of cones of several kinds, the convolution of all of them.

    Their mean index is the sum of the manifolds' statistical dimensions: 1 / capacity is an average over manifolds.

    :param kinds: volumes of one cone of every kind, each (d + 1,) with its own d.
    :param counts: how many manifolds are of each kind, >= 0.
    :returns: shape (sum of counts times d, + 1).
    """
    require(len(kinds) == len(counts) > 0, "counts", counts, f"one per kind, {len(kinds)}")
    require_count("counts", counts, 0)
    product = np.array([1.0])
    for volumes, count in zip(kinds, counts, strict=True):
        if count:
            product = np.convolve(product, product_volumes(volumes, count))
    return product


def separable_probability(volumes, n_manifolds: int, n_features: int) -> float:
    """Probability that P such manifolds with random labels are linearly separable in N features, through the origin.

    Manifolds of several kinds are one product: P = 1 with the volumes that :func:`mixture_volumes` gives.

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


def index_variance(volumes) -> float:
    """Variance of the intrinsic volumes' index, which adds up over the cones of a product."""
    return float(np.arange(len(volumes)) ** 2 @ volumes - statistical_dimension(volumes) ** 2)


def transition(volumes, n_manifolds: int = 1) -> tuple[float, float]:
    """Mean and standard deviation of n*, the least number of nested random features in which a dichotomy is separable.

    P(n* > n) = 2 (v_{n+1} + v_{n+3} + ...), v of the product of P cones. Summed over n, as even and odd volumes add up to
    1/2 each,

        E n* = P delta + 1/2,    Var n* = P Var(index) - 1/4,

    exactly at every P. Relative to its mean the transition's width falls as P^-1/2.

    :param volumes: of one cone, shape (d + 1,), not a linear subspace; of a mixture at P = 1.
    """
    require_count("n_manifolds", n_manifolds, 1)
    variance = n_manifolds * index_variance(volumes) - 0.25
    return n_manifolds * statistical_dimension(volumes) + 0.5, float(np.sqrt(max(variance, 0.0)))
