"""Minimization over K-dimensional subspaces by L-BFGS on the Grassmannian, for several starts at once.

B subspaces are given by orthonormal bases V, (B, r, K). The objective depends on the span of V only. An objective has ``xp``,
``eps`` and ``array``, and the methods

    evaluate(V)  -> value (B,), gradient in the tangent space (B, r, K), room (B,): a step to room below 1 is refused;
    metric(V)    -> inverse factors of an approximate curvature, (B, r, r) and (B, K, K);
    residuals(V) -> the numbers by which minima are compared, a list of B.
"""

from typing import Any, NamedTuple

import numpy as np

Array = Any
Basis = Array  # (B, r, K), orthonormal
# Steps remembered; iterations between tests of convergence; iterations between updates of the metric's scale; shortest step.
MEMORY, CHECK, RESCALE, STALLED = 10, 16, 4, 1e-3


class Minimum(NamedTuple):
    """A minimum: its basis (r, K), value and residual, and whether it is free of the bound on the remaining room."""

    basis: Array
    value: float
    residual: float
    free: bool


class _Runs(NamedTuple):
    """B L-BFGS runs, with their last moves and the changes of their gradients; both are zero where a step failed."""

    basis: Array  # (B, r, K)
    value: Array
    gradient: Array
    room: Array
    moves: Array  # (B, MEMORY, r K)
    turns: Array
    scale: Array  # of the metric
    step: Array


def minimise(objective: Any, basis: Basis, tolerance: float, iterations: int) -> list[Minimum]:
    """The minima that are reached from the starts, free minima first, and then in order of residual.

    :param objective: as described above. :param basis: starts, (B, r, K); starts with room of 0.99 or less are left out.
    :param tolerance: norm of the gradient relative to the value at which a run has converged.
    :param iterations: the largest number of iterations.
    """
    xp = objective.xp
    runs = _begin(objective, basis)
    found, written = [], np.full(MEMORY, -1)
    for iteration in range(iterations + 1):
        if iteration % CHECK == 0:
            size = xp.sqrt(xp.sum(runs.gradient**2, axis=(-2, -1)))
            converged = size <= max(tolerance, 100 * objective.eps) * runs.value
            stop = converged | (runs.step < STALLED) | (iteration >= iterations)
            found += _finished(objective, _taken(xp, runs, stop))
            runs = _taken(xp, runs, ~stop)
            if not runs.value.shape[0]:
                break
            metric = objective.metric(runs.basis)
        runs = _stepped(objective, runs, metric, iteration, written)
    return sorted(found, key=lambda one: (not one.free, one.residual))


def _begin(objective, basis) -> _Runs:
    runs, k = basis.shape[0], basis.shape[-1]
    memory = objective.array(np.zeros((runs, MEMORY, basis.shape[1] * k)))
    one = objective.array(np.ones(runs))
    value, gradient, room = objective.evaluate(basis)
    state = _Runs(basis, value, gradient, room, memory, memory, 0.25 * one, one)
    return _taken(objective.xp, state, room > 0.99)


def _taken(xp, runs, which) -> _Runs:
    index = xp.nonzero(which)[0]
    return _Runs(*[xp.take(part, index, axis=0) for part in runs])


def _finished(objective, runs) -> list[Minimum]:
    residuals = objective.residuals(runs.basis)
    return [
        Minimum(runs.basis[i, ...], float(runs.value[i]), residual, float(runs.room[i]) > 1.05)
        for i, residual in enumerate(residuals)
    ]


def _stepped(objective, runs, metric, iteration, written) -> _Runs:
    """The runs after one trial step, which is taken where the value falls and the room stays above 1; else it is shortened."""
    xp = objective.xp
    direction = _direction(objective, runs, metric, written)
    slope = _dot(xp, direction, runs.gradient)
    basis = orthonormal(xp, runs.basis - direction)
    value, gradient, room = objective.evaluate(basis)
    taken = (value <= runs.value - 1e-4 * slope + 10 * objective.eps * runs.value) & (room > 1)
    move, turn = basis - runs.basis, gradient - runs.gradient
    curvature, squared = _dot(xp, move, turn), _dot(xp, turn, turn)
    kept = taken & (curvature > 1e-10 * squared)
    written[iteration % MEMORY] = iteration
    _remember(xp, runs.moves, iteration % MEMORY, kept, move)
    _remember(xp, runs.turns, iteration % MEMORY, kept, turn)
    scale = runs.scale
    if iteration % RESCALE == 0:
        cost = _dot(xp, _preconditioned(runs.basis, metric, turn), turn)
        scale = xp.where(kept, curvature / xp.where(kept, cost, 1 + 0 * cost), scale)
    step = xp.where(taken, 1.0, 0.3 * runs.step)
    if not xp.all(taken):
        wide = taken[:, None, None]
        basis, gradient = xp.where(wide, basis, runs.basis), xp.where(wide, gradient, runs.gradient)
        value, room = xp.where(taken, value, runs.value), xp.where(taken, room, runs.room)
    return _Runs(basis, value, gradient, room, runs.moves, runs.turns, scale, step)


def _dot(xp, one, other):
    """The inner products of tangent vectors, (B,)."""
    runs = one.shape[0]
    return xp.vecdot(xp.reshape(one, (runs, -1)), xp.reshape(other, (runs, -1)))


def _remember(xp, memory, place, kept, new) -> None:
    """Write the new vectors into the memory, in place; 0 where a vector is not kept."""
    if not xp.all(kept):
        new = xp.where(kept[:, None, None], new, 0 * new)
    memory[:, place, :] = xp.reshape(new, (-1, memory.shape[-1]))


def _direction(objective, runs, metric, written):
    """The compact inverse BFGS product with the gradient (Byrd, Nocedal & Schnabel 1994), shortened to length 1 at most."""
    xp, shape = objective.xp, runs.basis.shape
    inner = runs.moves @ runs.turns.mT
    curvature = xp.linalg.diagonal(inner)[..., None]
    upper = inner * objective.array(written[:, None] <= written[None, :])
    unwritten = xp.where(curvature == 0, 1 + curvature, 0 * curvature)
    upper = upper + objective.array(np.eye(MEMORY)) * unwritten
    gradient = xp.reshape(runs.gradient, (shape[0], -1, 1))
    first = xp.linalg.solve(upper, runs.moves @ gradient)
    rest = _preconditioned(runs.basis, metric, xp.reshape(gradient - runs.turns.mT @ first, shape))
    rest = xp.reshape(rest * runs.scale[:, None, None], gradient.shape)
    rest = rest + runs.moves.mT @ xp.linalg.solve(upper.mT, curvature * first - runs.turns @ rest)
    direction = tangent(runs.basis, xp.reshape(rest, shape))
    size = xp.sqrt(_dot(xp, direction, direction))
    return direction * (runs.step / xp.where(size > 1, size, 1.0))[:, None, None]


def tangent(basis: Basis, z: Array) -> Array:
    """The part of z, (..., r, K), that changes the span of the basis."""
    return z - basis @ (basis.mT @ z)


def _preconditioned(basis, metric, z):
    return tangent(basis, metric[0] @ tangent(basis, z) @ metric[1])


def orthonormal(xp: Any, basis: Basis, product: Array | None = None) -> Basis:
    """A basis of equal span for which basis.T @ product @ basis is the identity, by Cholesky.

    :param product: an inner product, (r, r), positive definite on the span; the identity by default.
    """
    square = basis.mT @ (basis if product is None else product @ basis)
    return basis @ xp.linalg.inv(xp.linalg.cholesky(square)).mT
