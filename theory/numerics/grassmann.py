"""Minimization over K-dimensional subspaces by L-BFGS on the Grassmannian, for several starts of several objectives at once.

B subspaces are given by orthonormal bases V, (B, r, K). An objective depends on the span of V only. A record of several
objectives has the methods

    evaluate(V)  -> value (B,), gradient in the tangent space (B, r, K), room (B,): a step to room below 1 is refused;
    metric(V)    -> inverse factors of an approximate curvature, (B, r, r) and (B, K, K);
    residuals(V) -> the numbers by which minima are compared, a list of B;
    of(owner)    -> a record of the objectives with these numbers, (B,), one for each subspace.
"""

from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray
Basis = Array  # (B, r, K), orthonormal
EPS = np.finfo(float).eps
# Steps remembered; iterations between tests of convergence; iterations between updates of the metric's scale; shortest step.
MEMORY, CHECK, RESCALE, STALLED = 10, 16, 4, 1e-3
IDENTITY = np.eye(MEMORY)


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
    owner: Array  # of the objectives


def minimise(objectives: Any, starts: list[Basis], tolerance: float, iterations: int) -> list[list[Minimum]]:
    """The minima of each objective that are reached from its starts, free minima first, and then in order of residual.

    The minima of one objective do not depend on the others.

    :param objectives: as described above.
    :param starts: (b, r, K) for each objective; starts with room of 0.99 or less are left out.
    :param tolerance: norm of the gradient relative to the value at which a run has converged.
    :param iterations: the largest number of iterations.
    """
    owner = np.repeat(np.arange(len(starts)), [len(one) for one in starts])
    objective = objectives.of(owner)
    runs = _begin(objective, np.concatenate(starts), owner)
    objective = objectives.of(runs.owner)
    found, written = [[] for _ in starts], np.full(MEMORY, -1)
    for iteration in range(iterations + 1):
        if iteration % CHECK == 0:
            size = np.sqrt(np.sum(runs.gradient**2, axis=(-2, -1)))
            converged = size <= max(tolerance, 100 * EPS) * runs.value
            stop = converged | (runs.step < STALLED) | (iteration >= iterations)
            if stop.any():
                _finish(objectives, _taken(runs, stop), found)
                runs = _taken(runs, ~stop)
                objective = objectives.of(runs.owner)
            if not len(runs.value):
                break
            metric = objective.metric(runs.basis)
        runs = _stepped(objective, runs, metric, iteration, written)
    return [sorted(minima, key=lambda one: (not one.free, one.residual)) for minima in found]


def _begin(objective, basis, owner) -> _Runs:
    runs, k = basis.shape[0], basis.shape[-1]
    memory, one = np.zeros((runs, MEMORY, basis.shape[1] * k)), np.ones(runs)
    value, gradient, room = objective.evaluate(basis)
    state = _Runs(basis, value, gradient, room, memory, memory, 0.25 * one, one, owner)
    return _taken(state, room > 0.99)


def _taken(runs, which) -> _Runs:
    return _Runs(*[part[which] for part in runs])


def _finish(objectives, runs, found: list[list[Minimum]]) -> None:
    """Add the minima of runs that have ended to those of their objectives."""
    residuals = objectives.of(runs.owner).residuals(runs.basis)
    for owner, basis, value, residual, room in zip(runs.owner, runs.basis, runs.value, residuals, runs.room, strict=True):
        found[owner].append(Minimum(basis, float(value), residual, float(room) > 1.05))


def _stepped(objective, runs, metric, iteration, written) -> _Runs:
    """The runs after one trial step, which is taken where the value falls and the room stays above 1; else it is shortened."""
    direction = _direction(runs, metric, written)
    slope = _dot(direction, runs.gradient)
    basis = orthonormal(runs.basis - direction)
    value, gradient, room = objective.evaluate(basis)
    taken = (value <= runs.value - 1e-4 * slope + 10 * EPS * runs.value) & (room > 1)
    move, turn = basis - runs.basis, gradient - runs.gradient
    curvature, squared = _dot(move, turn), _dot(turn, turn)
    kept = taken & (curvature > 1e-10 * squared)
    written[iteration % MEMORY] = iteration
    _remember(runs, iteration % MEMORY, kept, move, turn)
    scale = runs.scale
    if iteration % RESCALE == 0:
        cost = _dot(_preconditioned(runs.basis, metric, turn), turn)
        scale = np.where(kept, curvature / np.where(kept, cost, 1.0), scale)
    if taken.all():
        step = np.ones(len(taken))
    else:
        wide, step = taken[:, None, None], np.where(taken, 1.0, 0.3 * runs.step)
        basis, gradient = np.where(wide, basis, runs.basis), np.where(wide, gradient, runs.gradient)
        value, room = np.where(taken, value, runs.value), np.where(taken, room, runs.room)
    return _Runs(basis, value, gradient, room, runs.moves, runs.turns, scale, step, runs.owner)


def _dot(one, other):
    """The inner products of tangent vectors, (B,)."""
    return np.vecdot(one.reshape(len(one), -1), other.reshape(len(other), -1))


def _remember(runs, place, kept, move, turn) -> None:
    """Write the new vectors into the memory, in place; 0 where they are not kept."""
    for memory, new in ((runs.moves, move), (runs.turns, turn)):
        memory[:, place] = new.reshape(len(new), -1)
    if not kept.all():
        runs.moves[~kept, place] = runs.turns[~kept, place] = 0.0


def _direction(runs, metric, written):
    """The compact inverse BFGS product with the gradient (Byrd, Nocedal & Schnabel 1994), shortened to length 1 at most."""
    shape = runs.basis.shape
    inner = runs.moves @ runs.turns.mT
    curvature = inner.diagonal(0, 1, 2)[..., None]
    upper = inner * (written[:, None] <= written) + IDENTITY * (curvature == 0)
    gradient = runs.gradient.reshape(shape[0], -1, 1)
    first = np.linalg.solve(upper, runs.moves @ gradient)
    rest = _preconditioned(runs.basis, metric, (gradient - runs.turns.mT @ first).reshape(shape))
    rest = (rest * runs.scale[:, None, None]).reshape(gradient.shape)
    rest = rest + runs.moves.mT @ np.linalg.solve(upper.mT, curvature * first - runs.turns @ rest)
    direction = tangent(runs.basis, rest.reshape(shape))
    size = np.sqrt(_dot(direction, direction))
    return direction * (runs.step / np.maximum(size, 1.0))[:, None, None]


def tangent(basis: Basis, z: Array) -> Array:
    """The part of z, (..., r, K), that changes the span of the basis."""
    return z - basis @ (basis.mT @ z)


def _preconditioned(basis, metric, z):
    return tangent(basis, metric[0] @ tangent(basis, z) @ metric[1])


def orthonormal(basis: Basis, product: Array | None = None) -> Basis:
    """A basis of equal span for which basis.T @ product @ basis is the identity, by Cholesky.

    :param product: an inner product, (r, r), positive definite on the span; the identity by default.
    """
    square = basis.mT @ (basis if product is None else product @ basis)
    return basis @ np.linalg.inv(np.linalg.cholesky(square)).mT
