"""The regimes of the inner problem for balls, and the probability that a Gaussian probe is in each of them.

Let r = ||t||, chi-distributed in D dimensions, and let t0 be the probe's component along the centre. A ball of radius R at
margin kappa is "interior" where t0 >= kappa + R r: the probe is not moved. The ball is "supporting" where t0 <= kappa - r / R:
the whole ball lies in the margin plane. In between the ball is "touching": one point lies in the margin plane. A solution
depends on the manifolds that are not interior.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from theory.capacity.balls import ball_parameters
from theory.numerics.chi_quadrature import chi_rule


@dataclass(frozen=True)
class Regimes:
    """The probability of each regime, arrays of the arguments' broadcast shape; the three sum to 1.

    interior: the probe satisfies every constraint and is not moved.
    touching: one point of the manifold is at the margin.
    supporting: the whole manifold is at the margin.
    """

    interior: np.ndarray
    touching: np.ndarray
    supporting: np.ndarray


def ball_regimes(margin: ArrayLike, radius: ArrayLike, shape_dim: ArrayLike) -> Regimes:
    """The probabilities of the regimes of L2 balls (line segments at ``shape_dim=1``) at any margin.

    Source: Chung et al. 2018, the regimes of the ball: interior E[Phi(-kappa - R r)], supporting E[Phi(kappa - r / R)]. At
    margin 0, r / (sqrt(D) |t0|) is the root of an F_{D,1} variable F. Then interior has half of P(F < 1 / (D R^2)), and
    supporting has half of P(F < R^2 / D). A point that is moved is touching.

    :param margin, radius, shape_dim: as in :func:`theory.capacity.balls.ball_capacity`; they broadcast.
    """
    margin, radius, shape_dim = ball_parameters(margin, radius, shape_dim)
    # r / R is not defined at radius 0; the regimes of points replace it there.
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
    """The Gaussian probability of an interval, computed in the tail where it is not a difference of two numbers near 1."""
    upper = low > 0
    return special.ndtr(np.where(upper, -low, high)) - special.ndtr(np.where(upper, -high, low))
