"""Capacity under sparse labels: a fraction f of the manifolds has the label +1, and the readout has a threshold.

In units of the centre norm, the threshold b increases the margin of manifolds labelled +1 by b and decreases the margin of the
others by b. With A(kappa) = 1 / capacity at margin kappa (Chung, Lee & Sompolinsky 2018),

    1 / capacity(f) = min over b of f A(kappa + b) + (1 - f) A(kappa - b).

A is convex. At the minimum the mean pulls balance, f A'(kappa + b) = (1 - f) A'(kappa - b); for f = 1/2 that is at b = 0.
Manifolds are points (R = 0) or L2 balls. All arguments broadcast.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import elementwise

from theory.capacity import balls
from theory.numerics.validation import require

Numbers = Any  # a number or an array, of the arguments' broadcast shape
# More standard deviations of t or t0 than these have probability 0 in double precision.
TAIL = 10.0
FAR = 40.0
TINY = np.finfo(float).tiny


def capacity(fraction: ArrayLike, margin: ArrayLike = 0.0, radius: ArrayLike = 0.0, shape_dim: ArrayLike = 1) -> Numbers:
    """The capacity at the optimal threshold, in manifolds per feature, to a relative 1e-8.

    Points at margin 0 have capacity 2 at f = 1/2, 3.913 at f = 0.1 and 19.20 at f = 0.01. As f -> 0 the capacity tends to
    1 / (2 f |ln f|), but slowly: at f = 1e-6 it is still 1.4 times the limit, which therefore should not be compared with
    anything. A thousand values for balls take a second or two.

    :param fraction: f, share of labels that are +1, within 1e-18..1 - 1e-15; f and 1 - f give equal capacities.
    :param margin: kappa within -5..1000, standardized.
    :param radius: R within 0..1000, in units of the centre norm; 0 is a point.
    :param shape_dim: D within 1..1e6; points do not depend on it.
    """
    bias = optimal_bias(fraction, margin, radius, shape_dim)
    return 1 / mean_displacement(fraction, bias, margin, radius, shape_dim)


def mean_displacement(
    fraction: ArrayLike, bias: Numbers, margin: ArrayLike = 0.0, radius: ArrayLike = 0.0, shape_dim: ArrayLike = 1
) -> Numbers:
    """1 / capacity at a given threshold b, f A(kappa + b) + (1 - f) A(kappa - b).

    :param bias: b, in units of the centre norm. The other arguments are those of :func:`capacity`.
    """
    fraction, margin, radius, shape_dim = _domain(fraction, margin, radius, shape_dim)
    positive = balls.mean_displacement(margin + bias, radius, shape_dim)
    return fraction * positive + (1 - fraction) * balls.mean_displacement(margin - bias, radius, shape_dim)


def optimal_bias(fraction: ArrayLike, margin: ArrayLike = 0.0, radius: ArrayLike = 0.0, shape_dim: ArrayLike = 1) -> Numbers:
    """The threshold b at which capacity is largest; b > 0 where fewer than half of the labels are +1.

    The relative accuracy is 1e-8 for f <= 1/2. The threshold at 1 - f is minus the threshold at f. The arguments are those of
    :func:`capacity`.
    """
    fraction, margin, radius, shape_dim = _domain(fraction, margin, radius, shape_dim)
    minority = np.minimum(fraction, 1 - fraction)
    # At this threshold no manifold of the majority is touched.
    farthest = np.abs(margin) + radius * (np.sqrt(shape_dim) + TAIL) + FAR
    root = elementwise.find_root(
        _imbalance,
        (np.zeros_like(farthest), farthest),
        args=(minority, margin, radius, shape_dim),
        tolerances={"xatol": 0, "xrtol": 1e-9, "fatol": 0, "frtol": 0},
    )
    return np.where(fraction > 0.5, -root.x, root.x)[()]


def effective_fraction(fraction: ArrayLike, radius: ArrayLike) -> Numbers:
    """The effective fraction f (1 + R^2).

    For large balls and sparse labels, capacity depends on f and R through this number only (:func:`collapsed_capacity`).
    """
    return np.asarray(fraction) * (1 + np.asarray(radius, dtype=float) ** 2)


def large_capacity(fraction: ArrayLike, radius: ArrayLike, shape_dim: ArrayLike) -> Numbers:
    """Capacity of balls at margin 0 as D -> infinity at fixed f and R.

    Set b = beta sqrt(D). In the limit the relative fluctuations vanish. The displacement of the minority is D (1 + beta^2)
    where beta > 1/R (fully supporting), and D (R + beta)^2 / (1 + R^2) where beta is smaller (touching). The displacement of
    the majority is D (R - beta)^2 / (1 + R^2). With m = min(f, 1 - f) the minimum is

        alpha D = 1 / (m + m (1 - m) R^2 / (1 - m + m (1 + R^2)))    where (1 - 2m) R^2 >= 1,
        alpha D = (1 + R^2) / (4 m (1 - m) R^2)                      elsewhere,

    at beta = (1 - m) R / (1 - m + m (1 + R^2)) and at beta = (1 - 2m) R respectively.

    Errors at D = 50: within 3 % for R >= 5 and f >= 0.02; too high by 7.5 % at R = 5 and f = 0.005. Smaller f need larger D,
    because the bias must exceed the standard deviation of t0.

    :param fraction: f. :param radius: R > 0. :param shape_dim: D; all as in :func:`capacity`.
    """
    fraction, _, radius, shape_dim = _domain(fraction, 0.0, radius, shape_dim)
    require(radius > 0, "radius", radius, "> 0; use capacity for points")
    minority = np.minimum(fraction, 1 - fraction)
    with np.errstate(divide="ignore"):
        supporting = 1 / (minority + minority * (1 - minority) * radius**2 / _stiffness(minority, radius))
        touched = (1 + radius**2) / (4 * minority * (1 - minority) * radius**2)
    return (np.where(_supports(minority, radius), supporting, touched) / shape_dim)[()]


def collapsed_capacity(fraction: ArrayLike, radius: ArrayLike, shape_dim: ArrayLike) -> Numbers:
    """The limit of :func:`large_capacity` for R >> 1 and f << 1: (1 + f_bar) / (f_bar D), f_bar = f (1 + R^2).

    The arguments are those of :func:`capacity`.
    """
    fraction, _, radius, shape_dim = _domain(fraction, 0.0, radius, shape_dim)
    effective = effective_fraction(fraction, radius)
    return (1 + effective) / (effective * shape_dim)


def _imbalance(bias, minority, margin, radius, shape_dim):
    """The logarithm of the ratio of the minority's pull to the majority's pull, a smooth function of the bias."""
    pull = minority * balls.mean_pull(margin + bias, radius, shape_dim)
    pull_back = (1 - minority) * balls.mean_pull(margin - bias, radius, shape_dim)
    return np.log(np.maximum(pull, TINY)) - np.log(np.maximum(pull_back, TINY))


def _stiffness(minority, radius):
    return 1 - minority + effective_fraction(minority, radius)


def _supports(minority, radius):
    """Whether the minority is fully supporting, beta R > 1."""
    return (1 - 2 * minority) * radius**2 >= 1


def _domain(fraction, margin, radius, shape_dim):
    fraction, margin, radius, shape_dim = (np.asarray(a, dtype=float) for a in (fraction, margin, radius, shape_dim))
    require((fraction >= 1e-18) & (fraction <= 1 - 1e-15), "fraction", fraction, "within 1e-18..1 - 1e-15")
    require((margin >= -5) & (margin <= 1000), "margin", margin, "within -5..1000")
    require((radius >= 0) & (radius <= 1000), "radius", radius, "within 0..1000")
    require((shape_dim >= 1) & (shape_dim <= 1e6), "shape_dim", shape_dim, "within 1..1e6")
    return np.broadcast_arrays(fraction, margin, radius, shape_dim)
