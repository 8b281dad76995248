"""What certifies an answer on separability: a direction that separates, or a combination of the points at the origin."""

import numpy as np

# On cosines: what rounding in a few dozen features can feign. Between the two neither answer is given; a Gaussian draw lands
# there with a probability of that order.
SEPARATED = 1e-13
AT_ORIGIN = 64 * np.finfo(float).eps


class Uncertified(ArithmeticError):
    """Neither a separating direction nor a convex combination at the origin could be certified."""


def is_separating(products, length: float | np.floating = 1.0):
    """Whether products w.z with unit vectors z are positive beyond rounding, each of them.

    :param length: of w; 1 where the products are cosines.
    """
    return products > SEPARATED * length


def is_at_origin(distance, weight: float | np.floating = 1.0) -> bool:
    """Whether a combination of unit vectors, so far from the origin, is there but for rounding.

    :param weight: the sum of its coefficients, 1 where it is convex.
    """
    return distance <= AT_ORIGIN * weight
