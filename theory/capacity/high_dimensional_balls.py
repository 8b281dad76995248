"""Capacity of balls in many dimensions: the approximations of Chung, Lee & Sompolinsky 2018, each with its accuracy.

In D dimensions the length of a Gaussian probe is sqrt(D) to within a factor 1 + O(1/sqrt(D)). Therefore a ball that is touched
at one point acts as a point at the margin kappa + R sqrt(D). For small radii the capacity of that point is the capacity of the
ball, :func:`theory.capacity.gaussian_geometry.small_manifold_capacity` with R_g = R and D_g = D. Errors in this file are
relative to :func:`theory.capacity.balls.ball_capacity`. Margins are standardized, and radii are in units of the centre norm.
All arguments broadcast. kappa + R sqrt(D) is at most 1e6.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.capacity.balls import ball_parameters
from theory.capacity.points import capacity as point_capacity

Numbers = Any  # a number or an array, of the arguments' broadcast shape


def touching_capacity(margin: ArrayLike, radius: ArrayLike, shape_dim: ArrayLike) -> Numbers:
    """Capacity if every ball that moves the probe touches at one point: (1 + R^2) alpha_0(kappa + R sqrt(D)).

    The exact 1/alpha_B is E[A(kappa + R r) / (1 + R^2) + R^2 / (1 + R^2) A(kappa - r / R)], A = 1 / alpha_0. This
    approximation omits the second term (fully supporting balls) and sets r = sqrt(D).

    Errors for R <= 1 and margins -1..2: within 6 % at D >= 5, within 1.6 % at D >= 20, within 0.4 % at D >= 100. At D = 20,
    R = 10 and margin 2 the omitted term is 16 %.
    """
    margin, radius, effective = _effective_margin(margin, radius, shape_dim)
    return ((1 + radius**2) * point_capacity(effective))[()]


def quoted_capacity(margin: ArrayLike, radius: ArrayLike, shape_dim: ArrayLike) -> Numbers:
    """Capacity in the form that is usually quoted, alpha_0((kappa + R sqrt(D)) / sqrt(1 + R^2)).

    This form divides the margin by the length of the anchor, where :func:`touching_capacity` multiplies the capacity by the
    squared length. The two forms agree only to leading order in a large margin.

    Errors for R <= 1 and margins -1..2: within 22 % at D >= 5, within 7 % at D >= 20, within 1.5 % at D >= 100.
    """
    margin, radius, effective = _effective_margin(margin, radius, shape_dim)
    return point_capacity(effective / np.sqrt(1 + radius**2))[()]


def dimension_capacity(radius: ArrayLike, shape_dim: ArrayLike) -> Numbers:
    """Capacity in the limit R sqrt(D) >> 1 + |kappa|, (1 + R^-2) / D, which does not depend on the margin.

    In this limit the dimensions of the balls use up the features. The value is too high by about
    (1 + 2 kappa x + kappa^2) / x^2, x = R sqrt(D): at margin 0, by 11 % at x = 3 and by 1 % at x = 10 (D >= 100).

    :param radius: R > 0.
    """
    _, radius, shape_dim = ball_parameters(0.0, radius, shape_dim)
    with np.errstate(divide="ignore"):
        return ((1 + radius**-2.0) / shape_dim)[()]


def _effective_margin(margin, radius, shape_dim):
    """Margin and radius of the balls, and the margin of the points that replace them."""
    margin, radius, shape_dim = ball_parameters(margin, radius, shape_dim)
    return margin, radius, margin + radius * np.sqrt(shape_dim)
