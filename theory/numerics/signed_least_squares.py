"""Least squares with coefficients of given signs: the nearest point of a cone that many signed points generate.

    nu = argmin ||X^T nu - t||, y nu >= 0

Points join the support in batches, and those that the residual violates most join first. The unconstrained problem is solved on
each support. Where a coefficient would change its sign, the solution stops on the way, and that point leaves the support. The
objective falls from support to support, so that no support comes twice. Where a batch does not lower the objective, the next
batch is smaller, down to the single point of Lawson & Hanson 1974. A cone of 3,800 points in 500 features takes about a hundred
supports.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

Points = np.ndarray  # X, (K, N)
Gram = np.ndarray  # X X^T, (K, K)
Signs = np.ndarray  # y, (K,), +1 or -1
Vector = np.ndarray  # t, (N,)
# Violations of the optimality conditions that are left alone, relative to the length of t.
TOLERANCE = 1e-11
# Falls of the objective, relative to ||t||^2, that rounding can feign.
ROUNDING = 1e-13
# Relative to the mean squared length of the points on the support; refinement takes it back.
RIDGE, REFINEMENTS = 1e-13, 2
# Shares of the way to the solution on a support at which the objective is compared.
WAYS = 0.7 ** np.arange(9)
# A batch is this share of the features, or of those that the support leaves free.
SHARE = 3
MOST_SUPPORTS = 10_000


@dataclass(frozen=True)
class _Problem:
    """One vector and the points, with X t in ``products``."""

    points: Points
    gram: Gram
    signs: Signs
    vector: Vector
    products: np.ndarray

    def residual(self, coefficients: np.ndarray) -> Vector:
        """t - X^T nu, from the points that have a coefficient."""
        support = np.flatnonzero(coefficients)
        return self.vector - self.points[support].T @ coefficients[support]

    def on(self, support: np.ndarray) -> "_Support":
        """A support, given as indices."""
        return _Support(self, support, self.gram[np.ix_(support, support)])


@dataclass(frozen=True)
class _Support:
    """The points that have a coefficient, and their inner products."""

    problem: _Problem
    indices: np.ndarray
    gram: Gram

    @cached_property
    def factor(self) -> tuple[np.ndarray, bool] | None:
        """Of the inner products and a ridge, or None where they are too near singular."""
        stiff = self.gram + RIDGE * np.trace(self.gram) / len(self.indices) * np.eye(len(self.indices))
        try:
            return cho_factor(stiff, overwrite_a=True, check_finite=False)
        except LinAlgError:
            return None

    def part(self, kept: np.ndarray) -> "_Support":
        """Some of the points, given as indices into this support."""
        return _Support(self.problem, self.indices[kept], self.gram[np.ix_(kept, kept)])

    def solved(self) -> np.ndarray:
        """The unconstrained coefficients, to the accuracy of the factor."""
        if self.factor is None:
            return np.linalg.lstsq(self.problem.points[self.indices].T, self.problem.vector, rcond=None)[0]
        return cho_solve(self.factor, self.problem.products[self.indices], check_finite=False)

    def refined(self, coefficients: np.ndarray) -> np.ndarray:
        """The same, as accurate as the points are."""
        if self.factor is None:
            return coefficients
        points = self.problem.points[self.indices]
        for _ in range(REFINEMENTS):
            left = points @ (self.problem.vector - points.T @ coefficients)
            coefficients = coefficients + cho_solve(self.factor, left, check_finite=False)
        return coefficients


def signed_least_squares(points: Points, gram: Gram, signs: Signs, vector: Vector) -> np.ndarray:
    """The coefficients nu of the point of the signed cone that is nearest to a vector, (K,).

    The optimality conditions hold to about 1e-11, which the caller checks.

    :param points: X, rows of length 1, or 0. :param gram: X X^T; many vectors and signs share it.
    :param signs: y. :param vector: t.
    :raises RuntimeError: no solution after 10,000 supports.
    """
    problem = _Problem(points, gram, signs, vector, points @ vector)
    size, most = float(vector @ vector), max(points.shape[1] // SHARE, 1)
    coefficients, batch, objective = np.zeros(len(points)), most, size
    for _ in range(MOST_SUPPORTS):
        violation = np.where(coefficients == 0, signs * (points @ problem.residual(coefficients)), 0.0)
        violated = int(np.count_nonzero(violation > TOLERANCE * size**0.5))
        if not violated:
            return coefficients
        free = max((points.shape[1] - np.count_nonzero(coefficients)) // SHARE, 1)
        joining = np.argsort(-violation)[: min(batch, free, violated)]
        coefficients = _descended(problem, coefficients, joining)
        before, objective = objective, float(np.sum(problem.residual(coefficients) ** 2))
        if objective < before - ROUNDING * size:
            batch = most
        elif batch == 1:
            return coefficients
        else:
            batch = max(batch // 4, 1)
    raise RuntimeError(f"no solution after {MOST_SUPPORTS} supports")


def _descended(problem: _Problem, start: np.ndarray, joining: np.ndarray) -> np.ndarray:
    """The least squares on the support of ``start`` and the points that join, less those that change their sign on the way."""
    found = start.copy()
    support = problem.on(np.union1d(np.flatnonzero(start), joining))
    while len(indices := support.indices):
        goal, signs = support.solved(), problem.signs[indices]
        if np.all(signs * goal > 0):
            goal = support.refined(goal)
        if np.all(signs * goal > 0):
            found[indices] = goal
            break
        found[indices] = _on_the_way(support, found[indices], goal)
        support = support.part(np.flatnonzero(found[indices]))
    return found


def _on_the_way(support: _Support, now: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """Coefficients between now and the goal, at least one of them 0, with the given signs and no larger an objective."""
    problem, signs = support.problem, support.problem.signs[support.indices]
    products = problem.products[support.indices]

    def objective(tried: np.ndarray) -> np.ndarray:
        return ((tried @ support.gram - 2 * products) * tried).sum(-1)

    tried = now + WAYS[:, None] * (goal - now)
    tried = np.where(signs * tried > 0, tried, 0.0)
    values = objective(tried)
    best = tried[np.argmin(values)]
    if values.min() < objective(now) - ROUNDING * problem.vector @ problem.vector and not np.all(best):
        return best
    turning = signs * goal <= 0
    reach = np.where(turning, now / np.where(turning, now - goal, 1.0), np.inf)
    stopped = now + reach.min() * (goal - now)
    return np.where(reach <= reach.min() * (1 + 1e-9), 0.0, stopped)
