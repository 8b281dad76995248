"""Capacity under sparse labels: a fraction f of manifolds is +1, and the readout has a threshold.

In units of the centre norm the threshold b adds to the margin of those labelled +1 and takes from the others', so that with
A(kappa) = 1 / capacity at margin kappa of one manifold (Chung, Lee & Sompolinsky 2018),

    1 / capacity(f) = min over b of f A(kappa + b) + (1 - f) A(kappa - b).

A is convex, and the minimum is where the mean pulls balance, f A'(kappa + b) = (1 - f) A'(kappa - b). At f = 1/2 it is b = 0.
Manifolds are points (R = 0) or L2 balls; every argument broadcasts with the others.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import elementwise

from theory.capacity import balls
from theory.numerics.validation import require

# Beyond this many standard deviations of t and t0 nothing is touched any more in double precision.
TAIL = 10.0
FAR = 40.0
TINY = np.finfo(float).tiny


def capacity(fraction, margin: ArrayLike = 0.0, radius: ArrayLike = 0.0, shape_dim: ArrayLike = 1):
    """Manifolds per feature at the optimal threshold.

    Relative accuracy 1e-8; a thousand values of balls take a second or two. Points at margin 0: 2 at f = 1/2, 3.913 at 0.1,
    19.20 at 0.01. It tends to 1 / (2 f |ln f|) as f -> 0, so slowly that nothing should be compared with that: it is still 1.4
    times as much at f = 1e-6.

    :param fraction: f, labels that are +1, within 1e-18..1 - 1e-15; f and 1 - f have one capacity.
    :param margin: kappa within -5..1000, standardized.
    :param radius: R within 0..1000, in units of the centre norm; 0 is the point.
    :param shape_dim: D within 1..1e6, of no account for points.
    """
    bias = optimal_bias(fraction, margin, radius, shape_dim)
    return 1 / mean_displacement(fraction, bias, margin, radius, shape_dim)


def mean_displacement(fraction, bias, margin: ArrayLike = 0.0, radius: ArrayLike = 0.0, shape_dim: ArrayLike = 1):
    """1 / capacity at any threshold b: f A(kappa + b) + (1 - f) A(kappa - b). Other arguments as :func:`capacity`."""
    fraction, margin, radius, shape_dim = _domain(fraction, margin, radius, shape_dim)
    positive = balls.mean_displacement(margin + bias, radius, shape_dim)
    return fraction * positive + (1 - fraction) * balls.mean_displacement(margin - bias, radius, shape_dim)


def optimal_bias(fraction, margin: ArrayLike = 0.0, radius: ArrayLike = 0.0, shape_dim: ArrayLike = 1):
    """The threshold b at which capacity is largest, > 0 where fewer than half of the labels are +1.

    Arguments as :func:`capacity`. Relative accuracy 1e-8 for f <= 1/2, and for 1 - f, of which it is the negative.
    """
    fraction, margin, radius, shape_dim = _domain(fraction, margin, radius, shape_dim)
    minority = np.minimum(fraction, 1 - fraction)
    # There no manifold of the majority is touched any more.
    farthest = np.abs(margin) + radius * (np.sqrt(shape_dim) + TAIL) + FAR
    root = elementwise.find_root(
        _imbalance,
        (np.zeros_like(farthest), farthest),
        args=(minority, margin, radius, shape_dim),
        tolerances={"xatol": 0, "xrtol": 1e-9, "fatol": 0, "frtol": 0},
    )
    return np.where(fraction > 0.5, -root.x, root.x)[()]


def effective_fraction(fraction, radius):
    """f (1 + R^2), on which alone capacity depends where balls are large and labels sparse (:func:`collapsed_capacity`)."""
    return np.asarray(fraction) * (1 + np.asarray(radius, dtype=float) ** 2)


def large_capacity(fraction, radius, shape_dim):
    """Capacity of balls at margin 0 as D -> infinity at fixed f and R.

    With b = beta sqrt(D) all that varies is relatively small: the minority's displacement is D (1 + beta^2) where
    beta > 1/R, fully supporting, and D (R + beta)^2 / (1 + R^2) below, touched; the majority's is D (R - beta)^2 / (1 + R^2).
    With m = min(f, 1 - f) the minimum is

        alpha D = 1 / (m + m (1 - m) R^2 / (1 - m + m (1 + R^2)))    where (1 - 2m) R^2 >= 1,
        alpha D = (1 + R^2) / (4 m (1 - m) R^2)                      elsewhere,

    at beta = (1 - m) R / (1 - m + m (1 + R^2)) and at beta = (1 - 2m) R.

    Within 3 % at D = 50 for R >= 5, f >= 0.02; 7.5 % high at R = 5, f = 0.005. Small f need larger D: the bias must exceed
    what t0 varies by.

    :param fraction: f, radius: R > 0, shape_dim: D, as in :func:`capacity`.
    """
    fraction, _, radius, shape_dim = _domain(fraction, 0.0, radius, shape_dim)
    require(radius > 0, "radius", radius, "> 0 in the law for large dimensions")
    minority = np.minimum(fraction, 1 - fraction)
    with np.errstate(divide="ignore"):
        supporting = 1 / (minority + minority * (1 - minority) * radius**2 / _stiffness(minority, radius))
        touched = (1 + radius**2) / (4 * minority * (1 - minority) * radius**2)
    return (np.where(_supports(minority, radius), supporting, touched) / shape_dim)[()]


def collapsed_capacity(fraction, radius, shape_dim):
    """What :func:`large_capacity` tends to for R >> 1 and f << 1: (1 + f_bar) / (f_bar D), f_bar = f (1 + R^2)."""
    fraction, _, radius, shape_dim = _domain(fraction, 0.0, radius, shape_dim)
    effective = effective_fraction(fraction, radius)
    return (1 + effective) / (effective * shape_dim)


def _imbalance(bias, minority, margin, radius, shape_dim):
    """Logarithm of the minority's pull over the majority's, smooth in the bias where the latter decays like a Gaussian."""
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
