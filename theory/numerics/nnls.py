"""Non-negative least squares for many vectors on shared Gram matrices, with a certificate for each Gram matrix.

For every product vector b of every Gram matrix A the problem is

    mu = argmin_{mu >= 0} mu . A mu / 2 + b . mu.

A few matrix products guess the active sets of all problems at once. :mod:`theory.numerics.active_sets` then corrects the
guesses and solves exactly. Where there are many points in few dimensions, :mod:`theory.numerics.few_dimensions` needs no guess.
"""

from typing import Any

import array_api_compat as api
import numpy as np

from theory.numerics.active_sets import Problems, finish
from theory.numerics.few_dimensions import added_in_few_dimensions, factor_of

# Splitting: steps, penalty in units of the diagonal, over-relaxation. The share of active sets that the splitting leaves wrong
# is close to 0 on Gaussian clouds, 1 in 100 to 1 in 3 on layers of trained networks, and 4 in 10 on their logits.
STEPS = 20
PENALTY = 0.3
RELAXATION = 1.7
# The ridge, and the residual above which its effect is taken back, as powers of eps. In float64: 8e-15 and 4e-10.
RIDGE, SHOWS = 0.9, 0.6
Array = Any
Gram = Array  # A, (P, M, M)
Products = Array  # b, (P, n, M)
Multipliers = Array  # mu, (P, n, M)
Residuals = Array  # (P,)


def nonnegative_least_squares(gram: Gram, products: Products) -> tuple[Multipliers, Residuals]:
    """The multipliers mu of every problem, and the worst violation of the optimality conditions for every Gram matrix.

    The Gram matrices may be singular, from duplicate points or dead directions. Points are scaled to length 1, and a ridge of
    eps^0.9 makes the multipliers unique. The ridge adds eps^0.9 (mu / c)^2 to the residual. That is far below the allowed
    residual, except where points are nearly collinear and the multipliers are hundreds of c: a proximal step then removes the
    effect of the ridge.

    Memory: large problems are best solved in parts, see :mod:`theory.numerics.batches`.

    :param gram: A = S^T S, (P, M, M). :param products: b = S^T t, (P, n, M); in the range of A.
    :returns: mu, (P, n, M), and residuals as in :func:`kkt_residual`, (P,), which the caller has to certify.
    """
    xp = api.array_namespace(gram, products)
    length = xp.sqrt(xp.linalg.diagonal(gram))[:, None, :]
    unit, along = gram / (length * xp.matrix_transpose(length)), products / length
    eps = float(xp.finfo(gram.dtype).eps)
    identity = xp.eye(gram.shape[1], dtype=gram.dtype, device=api.device(gram))
    ridged, tolerance = unit + eps**RIDGE * identity, eps**0.75 * _scale(xp, along)
    multipliers = _in_few_dimensions(unit, ridged, along, tolerance)
    if multipliers is None:
        multipliers = _solved(xp, ridged, along, tolerance, _guess(xp, unit + PENALTY * identity, along) > 0)
    residual = kkt_residual(unit, along, multipliers)
    if bool(xp.any(residual > eps**SHOWS)):
        nearer = _solved(xp, ridged, along - eps**RIDGE * multipliers, tolerance, multipliers > 0)
        again = kkt_residual(unit, along, nearer)
        better = (residual > eps**SHOWS) & (again < residual)
        multipliers = xp.where(better[:, None, None], nearer, multipliers)
        residual = xp.where(better, again, residual)
    return multipliers / length, residual


def _in_few_dimensions(gram, ridged, products, tolerance):
    """The multipliers of points in few dimensions, (P, n, M); None in more dimensions, and in other libraries than numpy."""
    if not isinstance(gram, np.ndarray) or gram.dtype != np.float64:
        return None
    factors = []
    for one in gram:
        factors.append(factor_of(one))
        if factors[-1] is None:
            return None
    problems = zip(ridged, factors, products, tolerance, strict=True)
    return np.stack([added_in_few_dimensions(*problem) for problem in problems])


def _solved(xp, gram, products, tolerance, support):
    """The multipliers, (P, n, M), from guesses of their supports."""
    flat = (-1, gram.shape[1])
    problems = Problems(gram, None, xp.reshape(products, flat), xp.reshape(tolerance, (-1, 1)))
    found, _ = finish(problems, xp.reshape(support, flat))
    return xp.clip(xp.reshape(found, products.shape), 0.0)


def kkt_residual(gram: Gram, products: Products, multipliers: Multipliers) -> Residuals:
    """The worst of -slack / c and |mu slack| / c^2 over points and probes, (P,), with slack = b + A mu.

    c is the larger of max |b| and |b . mu| / ||S mu||. For points of length 1, both are components of the probe t along a unit
    vector, one along a point and one along the displacement. Therefore c is at most ||t||, and the result is at least the
    residual relative to ||t||, whatever mu is. (max |b| alone is far below ||t|| where a probe is nearly at right angles to all
    points but is moved far, between points that are nearly opposite.)
    """
    xp = api.array_namespace(gram)
    return xp.max(violations(products, multipliers, multipliers @ gram), axis=1)


def violations(products: Products, multipliers: Multipliers, pulled: Products) -> Residuals:
    """The violation of the optimality conditions in every problem, (...), whose maximum :func:`kkt_residual` returns.

    :param products: b, (..., M). :param multipliers: mu, (..., M). :param pulled: A mu, (..., M).
    """
    xp = api.array_namespace(products)
    slack, scale = products + pulled, xp.maximum(_scale(xp, products), _along_displacement(xp, products, multipliers, pulled))
    lacking, loose = xp.min(slack, axis=-1), xp.max(xp.abs(multipliers * slack), axis=-1)
    return xp.clip(xp.maximum(-lacking / scale[..., 0], loose / scale[..., 0] ** 2), 0.0)


def _along_displacement(xp, products, multipliers, pulled):
    """|b . mu| / ||S mu||, (..., 1), and less where rounding could hide ||S mu||; for points of length 1."""
    size = products.shape[-1] * float(xp.finfo(products.dtype).eps)
    rounding = size * xp.sum(xp.abs(multipliers), axis=-1, keepdims=True) ** 2
    squared = xp.clip(xp.sum(multipliers * pulled, axis=-1, keepdims=True), 0.0) + rounding
    along = xp.abs(xp.sum(products * multipliers, axis=-1, keepdims=True))
    return along / xp.sqrt(xp.where(squared > 0, squared, 1.0))


def _scale(xp, products):
    largest = xp.max(xp.abs(products), axis=-1, keepdims=True)
    return xp.where(largest > 0, largest, 1.0)


def _guess(xp, shifted, products):
    """The Douglas-Rachford variable (ADMM, over-relaxed), (P, n, M): positive at active points once it has converged.

    A step adds RELAXATION (PENALTY |w| A^-1 - b A^-1 - max(w, 0)), for the shifted A; max(w, 0) is half of |w| + w.
    """
    inverse = xp.linalg.inv(shifted)
    offset = RELAXATION * (products @ inverse)
    half = xp.eye(shifted.shape[1], dtype=shifted.dtype, device=api.device(shifted)) / 2
    turned = RELAXATION * (PENALTY * inverse - half)
    w = -products
    for _ in range(STEPS):
        w = (1 - RELAXATION / 2) * w + (xp.abs(w) @ turned - offset)
    return w
