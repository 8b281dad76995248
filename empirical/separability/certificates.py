"""Certificates of separability: a direction that separates the points, or a combination of the points at the origin."""

from typing import Any

import numpy as np

# Bounds on cosines, as large as the errors of rounding in a few dozen features. Between the two bounds neither answer is given;
# the probability that a Gaussian draw lies there is of that order.
SEPARATED = 1e-13
AT_ORIGIN = 64 * np.finfo(float).eps


class Uncertified(ArithmeticError):
    """Neither a separating direction nor a convex combination at the origin could be certified."""


def is_separating(products: Any, length: float | np.floating = 1.0) -> Any:
    """Whether products w.z with unit vectors z are positive beyond rounding, for each product.

    :param products: w.z, of any shape.
    :param length: the norm of w; 1 if the products are cosines.
    :returns: bool, in the shape of the products.
    """
    return products > SEPARATED * length


def is_at_origin(distance: Any, weight: float | np.floating = 1.0) -> Any:
    """Whether a combination of unit vectors is at the origin, up to rounding, for each distance.

    :param distance: distance of a combination from the origin, of any shape.
    :param weight: sum of the coefficients; 1 if the combination is convex.
    """
    return distance <= AT_ORIGIN * weight
