"""Least squares with coefficients of given signs, for many vectors on the same points: guesses of supports, and exchanges.

    nu = argmin ||X^T nu - t||, y nu >= 0

A few matrix products guess the supports of all vectors at once, as in :mod:`theory.numerics.nnls`. On its support each problem
is then solved exactly: points whose coefficients have the wrong sign leave, and points that violate the optimality conditions
join, until there are none of either. What is not solved in a few exchanges is left to another solver.
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
    supports = _guessed(gram, products, signs)
    problems = zip(products, signs, supports, strict=True)
    return np.array([_exchanged(gram, *problem) for problem in problems]).reshape(products.shape)


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
