"""Least squares with coefficients of given signs, for many vectors on the same points: guesses of supports, and exchanges.

    nu = argmin ||X^T nu - t||, y nu >= 0

Where supports are small, as for clouds of few dimensions, points join them one by one, in all problems at once. For the others
a few matrix products guess the supports of all vectors, as in :mod:`theory.numerics.nnls`. On its support each problem is then
solved exactly: points whose coefficients have the wrong sign leave, and points that violate the optimality conditions join,
until there are none of either. What is not solved in a few exchanges is left to another solver.
"""

import numpy as np
from scipy.linalg import get_lapack_funcs

Gram = np.ndarray  # X X^T, (K, K), unit diagonal
Products = np.ndarray  # X t, (n, K)
Signs = np.ndarray  # y, (n, K), +1 or -1
Coefficients = np.ndarray  # nu, (n, K)
# Of the splitting: steps, penalty, over-relaxation.
STEPS, PENALTY, RELAXATION = 20, 0.3, 1.7
EXCHANGES = 20
# Rounds in which points join one by one, and after how many they end where most problems are left: their supports are large.
ROUNDS, FIRST = 48, 16
# Where supports have at most one in so many of the points, their rows alone are multiplied.
FEW = 20
# From this exchange on, one point joins at a time.
SINGLE = 5
# Violations of the optimality conditions that are left alone, relative to the largest product.
TOLERANCE = 1e-12
# LAPACK itself: for a few dozen points, scipy's checks take longer than the work.
_factored, _solved = get_lapack_funcs(("potrf", "potrs"), dtype=np.float64)


def signed_exchanges(gram: Gram, products: Products, signs: Signs) -> Coefficients:
    """The coefficients nu of the points of the signed cones that are nearest to n vectors; not a number where not found.

    Where the solution is not unique, it is one of several. Memory: a few times K K + n K numbers.

    :param gram: X X^T, for points of length 1, or 0. :param products: X t. :param signs: y.
    """
    found = _one_by_one(gram, products, signs)
    left = np.flatnonzero(np.isnan(found).any(1))
    if len(left):
        supports = _guessed(gram, products[left], signs[left])
        found[left] = [_exchanged(gram, *problem) for problem in zip(products[left], signs[left], supports, strict=True)]
    return found


def _one_by_one(gram: Gram, products: Products, signs: Signs) -> Coefficients:
    """The coefficients of the problems that a few rounds solve, from empty supports; not a number for the others.

    The method of Lawson & Hanson 1974: the most violated point joins, and a point leaves when its coefficient would change its
    sign on the way to the solution on the support.
    """
    found, left, support = np.full(products.shape, np.nan), np.arange(len(products)), np.zeros(products.shape, dtype=bool)
    now, allowed = np.zeros(products.shape), TOLERANCE * np.abs(products).max(1, initial=0.0)
    for done in range(ROUNDS):
        if done == FIRST and 2 * len(left) > len(found):
            break
        try:
            points, real = _listed(support)
            trial = _on_supports(gram, products, points, real)
        except np.linalg.LinAlgError:
            break
        wall = support & (signs * trial <= 0)
        reach = np.where(wall, now / np.where(wall, now - trial, 1.0), 1.0)
        step = reach.min(1, initial=1.0)
        now += step[:, None] * (trial - now)
        violation = np.where(support, 0.0, signs * (products - _pulled(gram, now, points, real)))
        worst, stopped = violation.argmax(1), wall.any(1)
        joins = ~stopped & (violation[np.arange(len(left)), worst] > allowed)
        open_ = stopped | joins
        found[left[~open_]] = now[~open_]
        support &= ~(wall & (reach <= step[:, None]))
        support[np.flatnonzero(joins), worst[joins]] = True
        now[~support] = 0.0
        now, support, products, signs, allowed, left = (one[open_] for one in (now, support, products, signs, allowed, left))
        if not len(left):
            break
    return found


def _listed(support: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points of each support, padded to the largest, and which of them are no padding, (n, points) each."""
    row, point = support.nonzero()
    count = support.sum(1)
    place = np.arange(len(row)) - np.repeat(count.cumsum() - count, count)
    points = np.zeros((len(support), int(count.max(initial=0))), dtype=int)
    points[row, place] = point
    return points, np.arange(points.shape[1]) < count[:, None]


def _on_supports(gram: Gram, products: Products, points: np.ndarray, real: np.ndarray) -> Coefficients:
    """The unconstrained coefficients on each support, 0 elsewhere; the identity pads each system to the largest support."""
    systems = np.where(real[:, :, None] & real[:, None], gram[points[:, :, None], points[:, None]], np.eye(points.shape[1]))
    wanted = np.where(real, np.take_along_axis(products, points, axis=1), 0.0)
    found, (row, place) = np.zeros(products.shape), real.nonzero()
    found[row, points[row, place]] = np.linalg.solve(systems, wanted[..., None])[row, place, 0]
    return found


def _pulled(gram: Gram, coefficients: Coefficients, points: np.ndarray, real: np.ndarray) -> Products:
    """The products of the points with what the coefficients make, (n, K); from the rows of the supports where these are few."""
    if FEW * points.shape[1] > len(gram):
        return coefficients @ gram
    own = np.where(real, np.take_along_axis(coefficients, points, axis=1), 0.0)
    return (own[:, None] @ gram[points])[:, 0]


def _guessed(gram: Gram, products: Products, signs: Signs) -> np.ndarray:
    """The supports after some steps of the Douglas-Rachford splitting (ADMM, over-relaxed), (n, K), booleans."""
    inverse = np.linalg.inv(gram + PENALTY * np.eye(len(gram)))
    offset, inverse = RELAXATION * (products @ inverse), RELAXATION * PENALTY * inverse
    w = products
    for _ in range(STEPS):
        reflected = signs * np.abs(w)
        w = (1 - RELAXATION / 2) * w + offset + (reflected @ inverse - RELAXATION / 2 * reflected)
    return signs * w > 0


def _exchanged(gram: Gram, products: np.ndarray, signs: np.ndarray, support: np.ndarray) -> np.ndarray:
    """The coefficients for one vector, (K,), from a guess of their support."""
    found, allowed = np.full(len(products), np.nan), TOLERANCE * np.abs(products).max(initial=0.0)
    for exchange in range(EXCHANGES):
        index = np.flatnonzero(support)
        solution = _on_support(gram[np.ix_(index, index)], products[index])
        if solution is None:
            break
        violation = signs * (products - solution @ gram[index])
        violation[index] = 0.0
        joins, leaves = violation > allowed, signs[index] * solution < 0
        if not (joins.any() or leaves.any()):
            found[:], found[index] = 0.0, solution
            break
        support[index[leaves]] = False
        support |= joins if exchange < SINGLE else joins & (violation == violation.max())
    return found


def _on_support(gram: Gram, products: np.ndarray) -> np.ndarray | None:
    """The unconstrained coefficients, or None where the points are linearly dependent."""
    if not len(gram):
        return products
    factor, failed = _factored(gram, lower=1, clean=0)
    return None if failed else _solved(factor, products, lower=1)[0]
