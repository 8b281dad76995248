"""The regimes of the inner problem for balls, and how often a Gaussian probe is in each.

With r = ||t||, chi-distributed in D dimensions, and t0 the component along the centre, a ball of radius R at margin kappa is
left alone ("interior") where t0 >= kappa + R r, lies whole in the margin plane ("supporting") where t0 <= kappa - r / R, and
touches it at one point in between. The manifolds that a solution rests on are those not left alone.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from theory.capacity.balls import ball_parameters
from theory.numerics.chi_quadrature import chi_rule


@dataclass(frozen=True)
class Regimes:
    """Probabilities, arrays of the parameters' shape; they add up to 1.

    interior: the probe satisfies every constraint and is not moved.
    touching: one point of the manifold is at the margin.
    supporting: the whole manifold is.
    """

    interior: np.ndarray
    touching: np.ndarray
    supporting: np.ndarray


def ball_regimes(margin, radius, shape_dim) -> Regimes:
    """Regimes of L2 balls (line segments at ``shape_dim=1``) at any margin.

    Source: Chung et al. 2018, the regimes of the ball: interior E[Phi(-kappa - R r)], supporting E[Phi(kappa - r / R)]. At
    margin 0 both are F distributions, as r / (sqrt(D) |t0|) is the root of an F_{D,1}: interior half of P(F < 1 / (D R^2)),
    supporting half of P(F < R^2 / D). A point is touching wherever it is moved.

    :param margin, radius, shape_dim: as :func:`theory.capacity.balls.ball_capacity`; they broadcast.
    """
    margin, radius, shape_dim = ball_parameters(margin, radius, shape_dim)
    # A radius of zero divides r / R; a point's regimes take over there.
    safe = np.where(radius > 0, radius, 1.0)
    r, weight = chi_rule(margin, safe, shape_dim)
    kappa, ratio = margin[..., None], safe[..., None]
    supports, touches = kappa - r / ratio, kappa + ratio * r
    interior = np.sum(weight * special.ndtr(-touches), axis=-1)
    touching = np.sum(weight * _between(supports, touches), axis=-1)
    supporting = np.sum(weight * special.ndtr(supports), axis=-1)
    return Regimes(
        np.where(radius > 0, interior, special.ndtr(-margin))[()],
        np.where(radius > 0, touching, special.ndtr(margin))[()],
        np.where(radius > 0, supporting, 0.0)[()],
    )


def _between(low, high):
    """Gaussian probability of an interval, on the side where it is no difference of two numbers near 1."""
    upper = low > 0
    return special.ndtr(np.where(upper, -low, high)) - special.ndtr(np.where(upper, -high, low))
