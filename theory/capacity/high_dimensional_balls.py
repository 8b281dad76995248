"""Capacity of balls in many dimensions: the approximations of Chung, Lee & Sompolinsky 2018, each with its range.

In D dimensions the length of a Gaussian probe is sqrt(D) to within a factor 1 + O(1/sqrt(D)), so that a ball that touches at
one point is a point at the margin kappa + R sqrt(D). For small radii that alone is the capacity,
:func:`theory.capacity.gaussian_geometry.small_manifold_capacity` with R_g = R and D_g = D. Errors below are relative to
:func:`theory.capacity.balls.ball_capacity`. Margins are standardized, radii in units of the centre norm; all arguments
broadcast. kappa + R sqrt(D) is at most 1e6.
"""

import numpy as np

from theory.capacity.balls import ball_parameters
from theory.capacity.points import capacity as point_capacity


def touching_capacity(margin, radius, shape_dim):
    """(1 + R^2) alpha_0(kappa + R sqrt(D)): every moved ball touches at one point.

    From 1/alpha_B = E[A(kappa + R r) / (1 + R^2) + R^2 / (1 + R^2) A(kappa - r / R)], A = 1 / alpha_0, without its second
    term (a fully supporting ball) and with r = sqrt(D). For R <= 1 and margins -1..2 within 6 % at D >= 5, 1.6 % at D >= 20
    and 0.4 % at D >= 100; the second term, left out, is 16 % at D = 20, R = 10, margin 2.
    """
    margin, radius, effective = _effective_margin(margin, radius, shape_dim)
    return ((1 + radius**2) * point_capacity(effective))[()]


def quoted_capacity(margin, radius, shape_dim):
    """alpha_0((kappa + R sqrt(D)) / sqrt(1 + R^2)), the form usually quoted.

    The length of the anchor is put into the margin and not in front, which is the same only to leading order in a large
    margin. For R <= 1 and margins -1..2 within 22 % at D >= 5, 7 % at D >= 20 and 1.5 % at D >= 100.
    """
    margin, radius, effective = _effective_margin(margin, radius, shape_dim)
    return point_capacity(effective / np.sqrt(1 + radius**2))[()]


def dimension_capacity(radius, shape_dim):
    """(1 + R^-2) / D, the limit R sqrt(D) >> 1 + |kappa|, whatever the margin: the dimensions of the balls use up the features.

    High by about (1 + 2 kappa x + kappa^2) / x^2, x = R sqrt(D): at margin 0, 11 % at x = 3 and 1 % at x = 10 (D >= 100).

    :param radius: R > 0.
    """
    _, radius, shape_dim = ball_parameters(0.0, radius, shape_dim)
    with np.errstate(divide="ignore"):
        return ((1 + radius**-2.0) / shape_dim)[()]


def _effective_margin(margin, radius, shape_dim):
    """Margin and radius, and the margin of the points that balls are."""
    margin, radius, shape_dim = ball_parameters(margin, radius, shape_dim)
    return margin, radius, margin + radius * np.sqrt(shape_dim)
