"""C-01: the capacity formulas of points, segments and balls agree with their definition, limits and dualities.

Gardner 1988 for points at any margin; Chung, Lee & Sompolinsky 2018 for segments and L2 balls. By definition, 1/capacity is the
mean squared distance that a Gaussian vector moves to reach the margin. The other identities hold at margin 0. 1/alpha is the
statistical dimension of the cone. A segment has 1/alpha = 1/2 + (2/pi) arctan R. A ball of R = 1 has alpha = 2/(D+1). Balls of
radius R and 1/R satisfy 1/alpha(R) + 1/alpha(1/R) = D + 1. A ball becomes a point as R goes to 0, at any margin; as R grows,
1/alpha goes to D + 1/2.
"""

import numpy as np
from hypothesis import strategies as st
from scipy import integrate, stats

from theory.capacity import balls, conic_volumes, points
from verify import Relation, both, claim, given, matches
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import margins, radii

wrong_sign_of_margin = planted(
    "theory.capacity.points.mean_displacement", lambda right: lambda margin: right(margin) - 2 * margin * stats.norm.pdf(margin)
)


@claim("C-01", counterfeit=wrong_sign_of_margin)
@given(margin=margins(), radius=radii(), shape_dim=st.integers(1, 30))
def claim_capacity_formulas_agree(margin: float, radius: float, shape_dim: int) -> Relation:
    ball = balls.ball_capacity(0.0, radius, shape_dim)
    return both(
        matches(1 / points.capacity(margin), displacement_of_a_point(margin)),
        matches(points.capacity(points.margin_at_capacity(points.capacity(margin))), points.capacity(margin)),
        matches(1 / ball, conic_volumes.statistical_dimension(conic_volumes.ball_volumes(radius, shape_dim))),
        matches(1 / ball + 1 / balls.ball_capacity(0.0, 1 / radius, shape_dim), shape_dim + 1),
        matches(balls.ball_capacity(0.0, 1.0, shape_dim), 2 / (shape_dim + 1)),
        matches(1 / balls.segment_capacity(0.0, radius), 1 / 2 + 2 / np.pi * np.arctan(radius)),
        matches(balls.ball_capacity(margin, 1e-12, shape_dim), points.capacity(margin)),
        matches(1 / balls.ball_capacity(0.0, 1e12, shape_dim), shape_dim + 1 / 2),
    )


def displacement_of_a_point(margin: float) -> float:
    """E[min (v - t)^2 over v >= kappa], the definition of 1/capacity of a point, by adaptive quadrature."""
    integrand = lambda t: (margin - t) ** 2 * stats.norm.pdf(t)  # noqa: E731
    return integrate.quad(integrand, margin - 40, margin, points=(-5, margin - 3), epsabs=0, epsrel=1e-12, limit=200)[0]
