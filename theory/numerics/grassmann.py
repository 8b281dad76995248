"""Minimization over K-dimensional subspaces, several runs side by side: L-BFGS on the Grassmannian.

A subspace is an orthonormal basis V, (B, r, K), of which only the span counts. An objective has ``xp``, ``eps``, ``array``, and

    evaluate(V)  -> value (B,), gradient in the tangent space (B, r, K), room (B,): a step to room below 1 is refused;
    metric(V)    -> inverse factors of an approximate curvature, (B, r, r) and (B, K, K);
    residuals(V) -> what minima are compared by, a list of B numbers.
"""

from typing import Any, NamedTuple

import numpy as np

Array = Any
# Steps remembered; iterations between a look at what has converged, and between looks at the metric's scale; a step too short.
MEMORY, CHECK, RESCALE, STALLED = 10, 16, 4, 1e-3


class Minimum(NamedTuple):
    """basis: (r, K). free: not stopped by the bound on the room left."""

    basis: Array
    value: float
    residual: float
    free: bool


class _Runs(NamedTuple):
    """L-BFGS runs side by side, first axis B, with their last moves and their gradients' turns, zero where a step failed."""

    basis: Array  # (B, r, K)
    value: Array
    gradient: Array
    room: Array
    moves: Array  # (B, MEMORY, r K)
    turns: Array
    scale: Array  # of the metric
    step: Array


def minimise(objective, basis, tolerance, iterations) -> list[Minimum]:
    """Minima from every allowed start, those not stopped by the bound first, then by residual."""
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
    """One trial for every run: taken where it descends and leaves every centre enough, else shorter the next time."""
    xp = objective.xp
    direction = _direction(objective, runs, metric, written)
    slope = xp.sum(direction * runs.gradient, axis=(-2, -1))
    basis = orthonormal(xp, runs.basis - direction)
    value, gradient, room = objective.evaluate(basis)
    taken = (value <= runs.value - 1e-4 * slope + 10 * objective.eps * runs.value) & (room > 1)
    move, turn = basis - runs.basis, gradient - runs.gradient
    curvature, squared = xp.sum(move * turn, axis=(-2, -1)), xp.sum(turn * turn, axis=(-2, -1))
    kept = taken & (curvature > 1e-10 * squared)
    written[iteration % MEMORY] = iteration
    _remember(xp, runs.moves, iteration % MEMORY, kept, move)
    _remember(xp, runs.turns, iteration % MEMORY, kept, turn)
    scale = runs.scale
    if iteration % RESCALE == 0:
        cost = xp.sum(_preconditioned(runs.basis, metric, turn) * turn, axis=(-2, -1))
        scale = xp.where(kept, curvature / xp.where(kept, cost, 1 + 0 * cost), scale)
    wide = taken[:, None, None]
    return _Runs(
        xp.where(wide, basis, runs.basis),
        xp.where(taken, value, runs.value),
        xp.where(wide, gradient, runs.gradient),
        xp.where(taken, room, runs.room),
        runs.moves,
        runs.turns,
        scale,
        xp.where(taken, 1 + 0 * slope, 0.3 * runs.step),
    )


def _remember(xp, memory, place, kept, new) -> None:
    """Write into the memory, in place: the new where it is kept, else 0."""
    new = xp.where(kept[:, None, None], new, 0 * new)
    memory[:, place, :] = xp.reshape(new, (-1, memory.shape[-1]))


def _direction(objective, runs, metric, written):
    """The compact inverse BFGS product with the gradient (Byrd, Nocedal & Schnabel 1994), at most 1 long."""
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
    size = xp.sqrt(xp.sum(direction * direction, axis=(-2, -1)))
    return direction * (runs.step / xp.where(size > 1, size, 1 + 0 * size))[:, None, None]


def tangent(basis, z):
    """The part of z that turns the span."""
    return z - basis @ (basis.mT @ z)


def _preconditioned(basis, metric, z):
    return tangent(basis, metric[0] @ tangent(basis, z) @ metric[1])


def orthonormal(xp, basis, product=None):
    """A basis of the same span with basis.T @ product @ basis the identity, by Cholesky."""
    square = basis.mT @ (basis if product is None else product @ basis)
    return basis @ xp.linalg.inv(xp.linalg.cholesky(square)).mT
