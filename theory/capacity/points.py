"""Capacity of single points at a margin (Gardner), and their exact probability of separability at finite size (Cover).

Margins are standardized: a solution w with ||w||^2 = N separates point x (i.i.d. unit-variance components) with
margin kappa when y w.x / sqrt(N) >= kappa.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats
from scipy.optimize import elementwise

from theory.numerics.validation import require, require_count, require_finite

Numbers = Any  # a number or an array, of the arguments' broadcast shape
# Below this margin the mean displacement underflows in double precision, and its inverse overflows.
LOWEST_MARGIN = -35.0
HIGHEST_MARGIN = 1e6


def mean_displacement(margin: ArrayLike) -> np.ndarray:
    """The mean squared distance that a Gaussian field must move to reach the margin, E[(kappa - t)_+^2] = 1 / capacity.

    Source: Gardner 1988, eq. for alpha_c^-1. Integration by parts gives (1 + kappa^2) Phi(kappa) + kappa phi(kappa).

    :param margin: kappa, any shape, standardized units, within -35..1e6. Below -35 double precision underflows.
    :returns: 1 / capacity, of the margin's shape.
    """
    margin = np.asarray(margin, dtype=float)
    require_finite("margin", margin)
    require(
        (margin >= LOWEST_MARGIN) & (margin <= HIGHEST_MARGIN),
        "margin",
        margin,
        f"within {LOWEST_MARGIN:g}..{HIGHEST_MARGIN:g}",
    )
    # phi(kappa) is factored out so that neither term underflows before the other.
    mills = np.sqrt(np.pi / 2) * special.erfcx(-np.minimum(margin, 0) / np.sqrt(2))
    density = np.exp(-(margin**2) / 2) / np.sqrt(2 * np.pi)
    below = density * ((1 + margin**2) * mills + margin)
    above = (1 + margin**2) * special.ndtr(margin) + margin * density
    return np.where(margin < 0, below, above)


def capacity(margin: ArrayLike) -> np.ndarray:
    """Gardner capacity of points: the largest P/N that is separable at the margin as N grows.

    Source: Gardner 1988; Chung, Lee & Sompolinsky 2018 (alpha_0). capacity(0) = 2, and capacity decreases with the margin.

    :param margin: kappa, any shape, standardized units, within -35..1e6.
    :returns: points per feature, of the margin's shape.
    """
    return 1 / mean_displacement(margin)


def margin_at_capacity(capacity: ArrayLike) -> Numbers:
    """The margin at which points have the given Gardner capacity: the inverse of :func:`capacity`.

    :param capacity: points per feature, any shape, from capacity(HIGHEST_MARGIN) up to capacity(LOWEST_MARGIN).
    :returns: kappa, of the capacity's shape, standardized units.
    :raises ValueError: a capacity outside that range.
    """
    load = np.asarray(capacity, dtype=float)
    log_displacement = -np.log(np.where(load > 0, load, np.nan))
    lowest, highest = np.log(mean_displacement(LOWEST_MARGIN)), np.log(mean_displacement(HIGHEST_MARGIN))
    require(
        (log_displacement >= lowest) & (log_displacement <= highest),
        "capacity",
        capacity,
        "positive and attained at a margin within -35..1e6",
    )
    root = elementwise.find_root(
        lambda margin, target: np.log(mean_displacement(margin)) - target,
        (np.full_like(log_displacement, LOWEST_MARGIN), np.full_like(log_displacement, HIGHEST_MARGIN)),
        args=(log_displacement,),
        tolerances={"xatol": 1e-13, "xrtol": 1e-13, "fatol": 0, "frtol": 0},
    )
    return root.x[()]


def separable_probability(n_points: ArrayLike, n_features: ArrayLike) -> Numbers:
    """The probability that a random dichotomy of points in general position is linearly separable through the origin.

    Source: Cover 1965 (Wendel 1962): 2^(1-P) sum_{k<N} C(P-1, k), exact at every finite P and N.

    :param n_points: P, whole, at least 1; broadcasts with ``n_features``.
    :param n_features: N, whole, at least 1.
    :returns: probability, of the broadcast shape.
    """
    require_count("n_points", n_points, 1)
    require_count("n_features", n_features, 1)
    return stats.binom.cdf(np.asarray(n_features) - 1, np.asarray(n_points) - 1, 0.5)
