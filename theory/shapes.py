"""Capacity of manifolds of a known shape, by the replica formula of Chung, Lee & Sompolinsky 2018.

A manifold is a centre of unit norm (in centre-norm units) plus a shape; radii and margins are in those units, standardized
as in :mod:`theory.points`. A ball of dimension 1 is a line segment.
"""

import numpy as np
from scipy import special

from theory.domain import require, require_finite
from theory.points import mean_displacement as point_displacement
from theory.radial import chi_rule


def ball_capacity(margin, radius, shape_dim):
    """Capacity of L2 balls (line segments at ``shape_dim=1``) at any margin.

    Source: Chung et al. 2018, the ball's alpha_B. With r = ||t||, chi-distributed, t0 the component along the centre,
    the squared displacement is (R r + kappa - t0)^2 / (1 + R^2) where the ball is touched at one point,
    kappa - r/R < t0 < kappa + R r, and (kappa - t0)^2 + r^2 where it is fully supporting, t0 < kappa - r/R.
    The t0 integrals are closed; r is integrated by composite Gauss-Legendre.

    :param margin: kappa >= -5, standardized; broadcasts with the others.
    :param radius: R within 0..1e100, in units of the centre norm; R = 0 is the point.
    :param shape_dim: D within 1..1e6, need not be whole.
    :returns: manifolds per feature.
    """
    margin, radius, shape_dim = ball_parameters(margin, radius, shape_dim)
    # A radius of zero divides r / R; the point's formula takes over there.
    safe = np.where(radius > 0, radius, 1.0)
    displacement = _mean_ball_displacement(margin, safe, shape_dim)
    return (1 / np.where(radius > 0, displacement, point_displacement(margin)))[()]


def segment_capacity(margin, radius):
    """Capacity of line segments centre +- R u at any margin; at margin 0, 1 / (1/2 + (2/pi) arctan R).

    Source: Chung, Lee & Sompolinsky 2016 (PRE 93, 060301). Arguments and units as :func:`ball_capacity`.
    """
    return ball_capacity(margin, radius, 1)


def ball_parameters(margin, radius, shape_dim):
    """Margin, radius and dimension of balls as arrays of one shape.

    :raises ValueError: outside the domain that :func:`ball_capacity` states.
    """
    margin, radius, shape_dim = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (margin, radius, shape_dim)))
    for name, value in (("margin", margin), ("radius", radius), ("shape_dim", shape_dim)):
        require_finite(name, value)
    require(margin >= -5, "margin", margin, ">= -5 for shapes")
    require((radius >= 0) & (radius <= 1e100), "radius", radius, "within 0..1e100")
    require(shape_dim >= 1, "shape_dim", shape_dim, ">= 1 (a point is theory.points)")
    require(shape_dim <= 1e6, "shape_dim", shape_dim, "<= 1e6")
    return margin, radius, shape_dim


def _mean_ball_displacement(margin, radius, shape_dim):
    r, weight = chi_rule(margin, radius, shape_dim)
    return np.sum(weight * _displacement_at(r, margin[..., None], radius[..., None]), axis=-1)


def _displacement_at(r, margin, radius):
    """E over t0 of the squared displacement of a ball, at ||t|| = r."""
    supporting = margin - r / radius
    touching = margin + radius * r
    touched = _second_moment(touching, touching) - _second_moment(supporting, touching)
    return touched / (1 + radius**2) + _second_moment(supporting, margin) + r**2 * special.ndtr(supporting)


def _second_moment(upper, about):
    """Integral of (about - t)^2 over the standard Gaussian up to ``upper``."""
    density = np.exp(-(upper**2) / 2) / np.sqrt(2 * np.pi)
    return (about**2 + 1) * special.ndtr(upper) + (2 * about - upper) * density
