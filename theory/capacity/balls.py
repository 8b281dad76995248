"""Capacity of L2 balls, by the replica formula of Chung, Lee & Sompolinsky 2018.

A manifold is a ball around a centre. Radii are in units of the centre norm; margins are standardized as in
:mod:`theory.capacity.points`, for centres of norm 1. A ball of dimension 1 is a line segment.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from theory.capacity.points import HIGHEST_MARGIN, LOWEST_MARGIN
from theory.capacity.points import mean_displacement as point_displacement
from theory.numerics.chi_quadrature import chi_rule
from theory.numerics.validation import require, require_finite

Numbers = Any  # a number or an array, of the arguments' broadcast shape
NEGLIGIBLE_RADIUS = 1e-100


def ball_capacity(margin: ArrayLike, radius: ArrayLike, shape_dim: ArrayLike) -> Numbers:
    """Capacity of L2 balls (line segments at ``shape_dim=1``) at any margin.

    Source: Chung et al. 2018, the ball's alpha_B. Let r = ||t||, chi-distributed, and let t0 be the probe's component along the
    centre. The squared displacement is (R r + kappa - t0)^2 / (1 + R^2) where the ball is touched at one point,
    kappa - r/R < t0 < kappa + R r. It is (kappa - t0)^2 + r^2 where the ball is fully supporting, t0 < kappa - r/R.
    The integrals over t0 have closed forms; the integral over r is composite Gauss-Legendre.

    :param margin: kappa within -5..1e6, standardized; all arguments broadcast.
    :param radius: R within 0..1e100, in units of the centre norm; R = 0 is a point.
    :param shape_dim: D within 1..1e6; it need not be whole.
    :returns: manifolds per feature.
    :raises ValueError: an argument outside its domain.
    """
    return 1 / mean_displacement(*ball_parameters(margin, radius, shape_dim))


def mean_displacement(margin: ArrayLike, radius: ArrayLike, shape_dim: ArrayLike) -> Numbers:
    """Mean squared displacement of a ball, 1 / capacity, also at margins at which nearly all balls are interior.

    The relative accuracy decreases where the displacement is below 1e-12.

    :param margin: kappa within -1e7..1e7; for points at most 1e6.
    :param radius: as in :func:`ball_capacity`. :param shape_dim: as in :func:`ball_capacity`.
    """
    margin, radius, shape_dim = _domain(margin, radius, shape_dim)
    # Below its range the formula for points underflows.
    points = point_displacement(np.where(radius > 0, 0.0, np.maximum(margin, LOWEST_MARGIN)))
    return _of_balls(_displacement_at, margin, radius, shape_dim, points)


def mean_pull(margin: ArrayLike, radius: ArrayLike, shape_dim: ArrayLike) -> Numbers:
    """Mean multiplier lambda of a ball: half the derivative of :func:`mean_displacement` with respect to the margin.

    lambda is (R r + kappa - t0) / (1 + R^2) where the ball is touched, and kappa - t0 where it is fully supporting. The
    arguments are those of :func:`mean_displacement`.
    """
    margin, radius, shape_dim = _domain(margin, radius, shape_dim)
    return _of_balls(_pull_at, margin, radius, shape_dim, margin * special.ndtr(margin) + _density(margin))


def segment_capacity(margin: ArrayLike, radius: ArrayLike) -> Numbers:
    """Capacity of line segments centre +- R u at any margin; at margin 0, 1 / (1/2 + (2/pi) arctan R).

    Source: Chung, Lee & Sompolinsky 2016 (PRE 93, 060301). Arguments and units are those of :func:`ball_capacity`.
    """
    return ball_capacity(margin, radius, 1)


def ball_parameters(margin: ArrayLike, radius: ArrayLike, shape_dim: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Margin, radius and dimension of balls as arrays, broadcast to one shape.

    :raises ValueError: an argument outside the domain that :func:`ball_capacity` states.
    """
    margin, radius, shape_dim = _domain(margin, radius, shape_dim)
    require((margin >= -5) & (margin <= HIGHEST_MARGIN), "margin", margin, f"within -5..{HIGHEST_MARGIN:g} for balls")
    return margin, radius, shape_dim


def _domain(margin, radius, shape_dim):
    margin, radius, shape_dim = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (margin, radius, shape_dim)))
    for name, value in (("margin", margin), ("radius", radius), ("shape_dim", shape_dim)):
        require_finite(name, value)
    require(np.abs(margin) <= 1e7, "margin", margin, "within -1e7..1e7")
    require((radius >= 0) & (radius <= 1e100), "radius", radius, "within 0..1e100")
    require(shape_dim >= 1, "shape_dim", shape_dim, ">= 1; use theory.capacity.points for points")
    require(shape_dim <= 1e6, "shape_dim", shape_dim, "<= 1e6")
    # A radius far below rounding is a point, and r / R would overflow.
    return margin, np.where(radius < NEGLIGIBLE_RADIUS, 0.0, radius), shape_dim


def _of_balls(function, margin, radius, shape_dim, points) -> Any:
    """The mean over r. At R = 0, where r / R is not defined, it is the value for points."""
    balls = radius > 0
    values = np.array(points, dtype=float)
    if np.any(balls):
        values[balls] = _mean_over_lengths(function, margin[balls], radius[balls], shape_dim[balls])
    return values[()]


def _mean_over_lengths(function, margin, radius, shape_dim):
    r, weight = chi_rule(margin, radius, shape_dim)
    return np.sum(weight * function(r, margin[..., None], radius[..., None]), axis=-1)


def _displacement_at(r, margin, radius):
    """The squared displacement of a ball at ||t|| = r, averaged over t0."""
    supporting = margin - r / radius
    touching = margin + radius * r
    touched = _second_moment(touching, touching) - _second_moment(supporting, touching)
    return touched / (1 + radius**2) + _second_moment(supporting, margin) + r**2 * special.ndtr(supporting)


def _pull_at(r, margin, radius):
    """The multiplier of a ball at ||t|| = r, averaged over t0."""
    supporting = margin - r / radius
    touching = margin + radius * r
    share, density = special.ndtr(supporting), _density(supporting)
    touched = touching * (special.ndtr(touching) - share) + _density(touching) - density
    return touched / (1 + radius**2) + margin * share + density


def _density(t):
    return np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi)


def _second_moment(upper, about):
    """Integral of (about - t)^2 over the standard Gaussian up to ``upper``."""
    return (about**2 + 1) * special.ndtr(upper) + (2 * about - upper) * _density(upper)
