"""Cholesky factors of inner products of points that may depend on each other, as after others were projected out."""

from contextlib import suppress

import numpy as np

# Added to the inner products of points of length 1, for each point, so that what rounding makes negative has a factor: ten
# times as much in float64; the next one where inner products were rounded to fewer digits.
RIDGES = (1e-9, 1e-7, 1e-5)


def cholesky_factors(grams: np.ndarray, length: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Lower factors, (n, M, M), with columns of zeros for points that the ridge, more than anything else, sets apart.

    The squared distance of a point from the span of those before it is the square on the diagonal. The ridge's share of it is
    the ridge times the squared norm of the row of the inverse factor.

    :param grams: inner products of n sets of points, (n, M, M).
    :param length: the points' lengths before anything was projected out, (n, M), which are taken to be 1 meanwhile.
    :param sizes: numbers of points, (n,): from there on, products are zeros that pad.
    :raises numpy.linalg.LinAlgError: inner products with eigenvalues more negative than rounding makes them.
    """
    unit = np.where(length > 0, length, 1.0)[:, :, None]
    for ridge in RIDGES:
        with suppress(np.linalg.LinAlgError):
            return unit * _apart(grams / (unit * unit.swapaxes(1, 2)), ridge * sizes[:, None, None])
    raise np.linalg.LinAlgError("the inner products of what is left of a manifold are not positive semidefinite")


def _apart(grams: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """As :func:`cholesky_factors`, for points of length 1; raises LinAlgError where the ridge, (n, 1, 1), is too small."""
    factor = np.linalg.cholesky(grams + ridge * np.eye(grams.shape[1]))
    share = ridge[:, 0] * np.sum(np.linalg.inv(factor) ** 2, axis=2)
    return factor * (share < 0.5)[:, None, :]
