"""Capacity of manifolds of a known shape, by the replica formula of Chung, Lee & Sompolinsky 2018.

A manifold is a centre of unit norm (in centre-norm units) plus a shape; radii and margins are in those units, standardized
as in :mod:`theory.points`. A ball of dimension 1 is a line segment.
"""

from typing import Any

import numpy as np
from scipy import special

from theory.domain import require, require_finite
from theory.points import HIGHEST_MARGIN, LOWEST_MARGIN
from theory.points import mean_displacement as point_displacement

NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
# Where a standard Gaussian tail drops below 1e-23, far under the accuracy this room declares.
TAIL = 10.0
SCALES = np.array([0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0])


def ball_capacity(margin, radius, shape_dim):
    """Capacity of L2 balls (line segments at ``shape_dim=1``) at any margin.

    Source: Chung et al. 2018, the ball's alpha_B. With r = ||t||, chi-distributed, t0 the component along the centre,
    the squared displacement is (R r + kappa - t0)^2 / (1 + R^2) where the ball is touched at one point,
    kappa - r/R < t0 < kappa + R r, and (kappa - t0)^2 + r^2 where it is fully supporting, t0 < kappa - r/R.
    The t0 integrals are closed; r is integrated by composite Gauss-Legendre.

    :param margin: kappa within -5..1e6, standardized; broadcasts with the others.
    :param radius: R within 0..1e100, in units of the centre norm; R = 0 is the point.
    :param shape_dim: D within 1..1e6, need not be whole.
    :returns: manifolds per feature.
    """
    within = (np.asarray(margin) >= -5) & (np.asarray(margin) <= HIGHEST_MARGIN)
    require(within, "margin", margin, f"within -5..{HIGHEST_MARGIN:g} for shapes")
    return 1 / mean_displacement(margin, radius, shape_dim)


def mean_displacement(margin, radius, shape_dim):
    """Mean squared displacement of a ball, 1 / capacity, also where nearly all of them are interior.

    Relative accuracy falls off once it is below 1e-12. Arguments as :func:`ball_capacity`.

    :param margin: kappa within -1e7..1e7, for points up to 1e6.
    """
    margin, radius, shape_dim = _domain(margin, radius, shape_dim)
    # The point's formula has underflowed where its range ends.
    points = point_displacement(np.where(radius > 0, 0.0, np.maximum(margin, LOWEST_MARGIN)))
    return _of_balls(_displacement_at, margin, radius, shape_dim, points)


def mean_pull(margin, radius, shape_dim):
    """Mean multiplier lambda of a ball: half the slope of :func:`mean_displacement` in the margin, same arguments.

    lambda = (R r + kappa - t0) / (1 + R^2) where the ball is touched, kappa - t0 where it is fully supporting.
    """
    margin, radius, shape_dim = _domain(margin, radius, shape_dim)
    return _of_balls(_pull_at, margin, radius, shape_dim, margin * special.ndtr(margin) + _density(margin))


def segment_capacity(margin, radius):
    """Capacity of line segments centre +- R u at any margin; at margin 0, 1 / (1/2 + (2/pi) arctan R).

    Source: Chung, Lee & Sompolinsky 2016 (PRE 93, 060301). Arguments and units as :func:`ball_capacity`.
    """
    return ball_capacity(margin, radius, 1)


def _domain(margin, radius, shape_dim):
    margin, radius, shape_dim = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (margin, radius, shape_dim)))
    for name, value in (("margin", margin), ("radius", radius), ("shape_dim", shape_dim)):
        require_finite(name, value)
    require(np.abs(margin) <= 1e7, "margin", margin, "within -1e7..1e7")
    require((radius >= 0) & (radius <= 1e100), "radius", radius, "within 0..1e100")
    require(shape_dim >= 1, "shape_dim", shape_dim, ">= 1 (a point is theory.points)")
    require(shape_dim <= 1e6, "shape_dim", shape_dim, "<= 1e6")
    return margin, radius, shape_dim


def _of_balls(function, margin, radius, shape_dim, points) -> Any:
    """The mean over r; at R = 0, where r / R is not defined, what it is for points."""
    balls = radius > 0
    values = np.array(points, dtype=float)
    if np.any(balls):
        values[balls] = _mean_over_radii(function, margin[balls], radius[balls], shape_dim[balls])
    return values[()]


def _mean_over_radii(function, margin, radius, shape_dim):
    r, weight = _radial_rule(margin, radius, shape_dim)
    margin, radius, dim = margin[..., None], radius[..., None], shape_dim[..., None]
    log_density = (1 - dim / 2) * np.log(2) + (dim - 1) * np.log(r) - r**2 / 2 - special.gammaln(dim / 2)
    return np.sum(weight * np.exp(log_density) * function(r, margin, radius), axis=-1)


def _displacement_at(r, margin, radius):
    """E over t0 of the squared displacement of a ball, at ||t|| = r."""
    supporting = margin - r / radius
    touching = margin + radius * r
    touched = _second_moment(touching, touching) - _second_moment(supporting, touching)
    return touched / (1 + radius**2) + _second_moment(supporting, margin) + r**2 * special.ndtr(supporting)


def _pull_at(r, margin, radius):
    """E over t0 of a ball's multiplier, at ||t|| = r: first moments of the same regimes."""
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


def _radial_rule(margin, radius, shape_dim):
    """Nodes and weights for r, (..., n): panels end where the chi density, r R and r / R change."""
    mode = np.sqrt(shape_dim - 1)[..., None]
    highest = mode + TAIL
    reach = np.abs(margin)[..., None] + SCALES
    bulk = np.clip(mode + np.linspace(-TAIL, TAIL, 17), 0, highest)
    # Where the margin is far below zero, balls are touched from r = -kappa / R on, within 1 / R.
    first_touched = np.abs(margin)[..., None] - SCALES[4:]
    edges = np.concatenate(
        [bulk, radius[..., None] * reach, reach / radius[..., None], first_touched / radius[..., None]], axis=-1
    )
    edges = np.sort(np.clip(edges, 0, highest), axis=-1)
    edges = np.concatenate([np.zeros_like(mode), edges], axis=-1)
    half, middle = np.diff(edges, axis=-1) / 2, (edges[..., 1:] + edges[..., :-1]) / 2
    r = middle[..., None] + half[..., None] * NODES
    weight = half[..., None] * WEIGHTS
    flat = (*r.shape[:-2], -1)
    return np.maximum(r.reshape(flat), np.finfo(float).tiny), weight.reshape(flat)
