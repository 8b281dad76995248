"""The exact probability of separability at finite P and N and margin 0, from the intrinsic volumes of product cones.

P manifolds with Gaussian centres and axes in N features are separable through the origin, under random labels, exactly
when a random N-dimensional subspace meets the dual of the product of their cones. Let v be the intrinsic volumes of the
product. The conic kinematic formula (Amelunxen, Lotz, McCoy & Tropp 2014) gives

    P(separable) = 2 (v_{N-1} + v_{N-3} + ...).

For points v = (1/2, 1/2), and the formula is Cover's.
"""

from collections.abc import Sequence

import numpy as np
from scipy import special

from theory.numerics.validation import require, require_count, require_finite

Volumes = np.ndarray  # v_0 .. v_d, (d + 1,)


def ball_volumes(radius: float, shape_dim: int) -> Volumes:
    """Intrinsic volumes of the circular cone over a ball of radius R in D dimensions.

    Source: Amelunxen et al. 2014, appendix on circular cones. The cone has half-angle arctan R in D + 1 dimensions. A segment
    (D = 1) has volumes (1/2 - a, 1/2, a), a = arctan(R)/pi. A point has D = 0.

    :param radius: R within 1e-6..1e6, in units of the centre norm, a number.
    :param shape_dim: D >= 0, whole.
    :returns: v_0 .. v_{D+1}, shape (D + 2,); they sum to 1.
    """
    require_count("shape_dim", shape_dim, 0)
    if shape_dim == 0:
        return np.array([0.5, 0.5])
    require_finite("radius", radius)
    require((radius >= 1e-6) & (radius <= 1e6), "radius", radius, "within 1e-6..1e6")
    ambient = shape_dim + 1
    # Logarithms of sin^2 and cos^2 of the half-angle, so that neither underflows.
    log_sine2, log_cosine2 = -np.log1p(radius**-2.0), -np.log1p(radius**2.0)
    faces = np.arange(1, ambient)
    log_binomial = special.gammaln(ambient / 2) - special.gammaln((faces + 1) / 2) - special.gammaln((ambient - faces + 1) / 2)
    log_angles = (faces - 1) / 2 * log_sine2 + (ambient - faces - 1) / 2 * log_cosine2
    inner = 0.5 * np.exp(log_binomial + log_angles)
    polar = 0.5 * special.betainc((ambient - 1) / 2, 0.5, np.exp(log_cosine2))
    whole = 0.5 * special.betainc((ambient - 1) / 2, 0.5, np.exp(log_sine2))
    return np.concatenate([[polar], inner, [whole]])


def product_volumes(volumes: Volumes, n_manifolds: int) -> Volumes:
    """Intrinsic volumes of the product of P equal cones: the P-fold convolution of the volumes of one cone.

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


def mixture_volumes(kinds: Sequence[Volumes], counts: Sequence[int]) -> Volumes:
    """Intrinsic volumes of the product of cones of several kinds: the convolution of the volumes of all cones.

    The mean index of the product is the sum of the statistical dimensions of the manifolds. Therefore 1 / capacity is an
    average over manifolds.

    :param kinds: volumes of one cone of every kind, (d + 1,) each; d may differ between kinds.
    :param counts: number of manifolds of each kind, >= 0.
    :returns: shape (1 + sum of counts times d,).
    """
    require(len(kinds) == len(counts) > 0, "counts", counts, f"one per kind, for {len(kinds)} kinds")
    require_count("counts", counts, 0)
    product = np.array([1.0])
    for volumes, count in zip(kinds, counts, strict=True):
        if count:
            product = np.convolve(product, product_volumes(volumes, count))
    return product


def separable_probability(volumes: Volumes, n_manifolds: int, n_features: int) -> float:
    """The probability that P equal manifolds with random labels are linearly separable in N features, through the origin.

    For manifolds of several kinds, pass the volumes from :func:`mixture_volumes` and P = 1.

    :param volumes: intrinsic volumes of one manifold's cone, shape (d + 1,), for example from :func:`ball_volumes`.
    :param n_manifolds: P >= 1.
    :param n_features: N >= 1.
    :returns: probability, exact at every finite P and N.
    """
    require_count("n_features", n_features, 1)
    product = product_volumes(volumes, n_manifolds)
    return float(2 * product[: int(n_features)][::-1][::2].sum())


def statistical_dimension(volumes: Volumes) -> float:
    """The statistical dimension of a cone, E||projection of a Gaussian on the cone||^2 = 1 / capacity at margin 0.

    It is the mean of the index of the intrinsic volumes.

    :param volumes: v_0 .. v_d, shape (d + 1,).
    """
    return float(np.arange(len(volumes)) @ volumes)


def index_variance(volumes: Volumes) -> float:
    """The variance of the index of the intrinsic volumes. The variance of a product is the sum over its cones.

    :param volumes: v_0 .. v_d, shape (d + 1,).
    """
    return float(np.arange(len(volumes)) ** 2 @ volumes - statistical_dimension(volumes) ** 2)


def transition(volumes: Volumes, n_manifolds: int = 1) -> tuple[float, float]:
    """Mean and standard deviation of n*, the least number of nested random features in which a dichotomy is separable.

    P(n* > n) = 2 (v_{n+1} + v_{n+3} + ...), with v the volumes of the product of P cones. Even and odd volumes sum to 1/2 each.
    The sum over n therefore gives

        E n* = P delta + 1/2,    Var n* = P Var(index) - 1/4,

    exactly at every P. The width of the transition relative to its mean falls as P^-1/2.

    :param volumes: volumes of one cone that is not a linear subspace, shape (d + 1,); for a mixture, its volumes and P = 1.
    :param n_manifolds: P >= 1.
    :returns: mean and standard deviation, in features.
    """
    require_count("n_manifolds", n_manifolds, 1)
    variance = n_manifolds * index_variance(volumes) - 0.25
    return n_manifolds * statistical_dimension(volumes) + 0.5, float(np.sqrt(max(variance, 0.0)))
