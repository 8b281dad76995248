"""Capacity, radius and dimension of M orthogonal points, exact at every finite M: the null geometry.

A manifold of M orthogonal points has no structure. Its cone is an orthant. In the basis of the orthant, let w = [-T]_+ be the
negative parts of a Gaussian probe. Then the displacement is ||w||^2, and the anchor is sqrt(M) w / sum w. With probability 2^-M
no component of w is positive, and the anchor is the touching point, the basis vector of the probe's lowest component. Source of
the three quantities: Chung, Lee & Sompolinsky 2018.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from theory.numerics.validation import require, require_count

Numbers = Any  # a number or an array, of the shape of n_points
LIMITING_RADIUS = np.sqrt(np.pi - 1)
# With more points, 1 - (1 - pi / M) loses the accuracy that this room declares.
MOST_POINTS = 10**4
# Trapezoids in a logarithm: the error falls exponentially with the step, and is far below 1e-8 at these steps.
LOG_STEP = 0.2
STEP = 0.1


def capacity(n_points: ArrayLike) -> Numbers:
    """Capacity at margin 0: 2 / M, the inverse of half the dimension of the orthant.

    :param n_points: M within 1..1e4, whole, any shape. :returns: manifolds per feature.
    """
    return 2 / _points(n_points, 1)


def radius(n_points: ArrayLike) -> Numbers:
    """R_M, the RMS length of the anchor's offset, in units of the centre norm; it tends to sqrt(pi - 1) as M grows.

    The mean offset is 0 by symmetry, so R^2 = M E[sum w^2 / (sum w)^2] - 1. The ratio is 1 minus the terms w_i w_j of two
    different points. 1 / y^2 is the integral of s e^(-s y). With b(s) = E e^(-s |g|) = erfcx(s / sqrt 2) this gives

        E[ratio] = 1 - M (M - 1) / 4 int_0^inf s b'(s)^2 ((1 + b(s)) / 2)^(M - 2) ds.

    The formula includes the touching point, whose ratio is 1.

    :param n_points: M within 1..1e4, whole, any shape.
    """
    n = _points(n_points, 1)[..., None]
    log_s = np.arange(-32, 16, LOG_STEP)
    s = np.exp(log_s)
    b = special.erfcx(s / np.sqrt(2))
    slope = s * b - np.sqrt(2 / np.pi)
    pairs = LOG_STEP * np.sum((s * slope) ** 2 * ((1 + b) / 2) ** (n - 2), axis=-1)
    n = n[..., 0]
    return np.sqrt(n * (1 - n * (n - 1) / 4 * pairs) - 1)[()]


def dimension(n_points: ArrayLike) -> Numbers:
    """D_M = E[(t . s^)^2], the PRX form; it is pi M / (2 (pi - 1)) to leading order as M grows.

    Let Q = sum w^2, L = sum w, U the sum of the probe's positive parts, and W = M Q - L^2. Where some component of w is
    positive, the squared component is (W + 2 L U + L^2 U^2 / W) / M. The means of the first two terms have closed forms. In the
    third term 1 / W is written as the integral of e^(-u W), and e^(u L^2) as the mean of e^(z L sqrt(2 u)) over a standard
    Gaussian z; the term then factorizes over the points.

    :param n_points: M within 2..1e4, whole, any shape.
    """
    return np.vectorize(_dimension, otypes=[float])(_points(n_points, 2))[()]


def _dimension(n: float) -> float:
    pairs = n * (n - 1) / (2 * np.pi)
    spread = n**2 / 2 - (n / 2 + pairs)
    return (spread + 2 * pairs + _mixed_moment(n)) / n + _touching(n)


def _mixed_moment(n: float) -> float:
    """E[L^2 U^2 / W], by trapezoids in log x, x^2 = 2 u M, and in z."""
    x = np.exp(np.arange(-18, 26, LOG_STEP) - np.log(n) / 2)[:, None]
    z = np.arange(-9, 9 * np.sqrt(n) if n < 100 else 90, STEP)
    shrunk = 1 / np.sqrt(1 + x**2)
    own = (1 + shrunk * special.erfcx(-x * shrunk * z / np.sqrt(2 * n))) / 2
    # L^2 e^(x z L) is a second derivative in z; integration by parts turns it into the factor z^2 - 1.
    weight = (z**2 - 1) / np.sqrt(2 * np.pi)
    power = np.exp((n - 2) * np.log(own) - z**2 / 2)
    return LOG_STEP * STEP * np.sum(weight * power * (n / 2 * own + n * (n - 1) / (2 * np.pi)))


def _touching(n: float) -> float:
    """The contribution of probes that do not move, whose components are all positive: E[(sum T - M min T)^2] / (M (M - 1)).

    Given the lowest component m, the other components are independent, with the mean excess of a truncated Gaussian.
    """
    m = np.exp(np.arange(-30, 2.5, LOG_STEP / 2))
    mills = np.sqrt(np.pi / 2) * special.erfcx(m / np.sqrt(2))
    excess = 1 / mills - m
    second = 1 + m**2 - m / mills
    density = n * np.exp(-(m**2) / 2) / np.sqrt(2 * np.pi) * special.ndtr(-m) ** (n - 1)
    return LOG_STEP / 2 * np.sum(m * density * (second + (n - 2) * excess**2)) / n


def _points(n_points, least: int):
    require_count("n_points", n_points, least)
    require(np.asarray(n_points) <= MOST_POINTS, "n_points", n_points, f"at most {MOST_POINTS:g}")
    return np.asarray(n_points, dtype=float)
