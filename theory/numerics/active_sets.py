"""Non-negative least squares by active sets, for many small problems at once: the exact last step of nnls.

Every problem has a vector of products b and a positive definite Gram matrix A, which the problems of a manifold share. On a
support s, a set of points, the multipliers solve A_ss mu_s = -b_s. They are the solution once no multiplier and no slack
b + A mu is negative.
"""

from dataclasses import dataclass, replace
from typing import Any

import array_api_compat as api

Array = Any
Index = Array  # (k,), whole numbers
Support = Array  # (m, M), booleans
Multipliers = Array  # (m, M)
# Problems solved together. With more of them, padding to the largest support costs more time than batching saves, unless all
# their inner products together are few numbers.
BLOCK, FEW_NUMBERS = 256, 2**16
EXCHANGES = 20
# Lawson & Hanson use 3.
STEPS_PER_POINT = 10


@dataclass(frozen=True)
class Problems:
    """m problems on P Gram matrices.

    gram: (P, M, M), unit diagonal.
    owner: the number of each problem's Gram matrix, (m,); None where each Gram matrix has m / P problems, in order.
    products: b, (m, M).
    tolerance: (m, 1); a multiplier or a slack counts as negative only below minus this.
    """

    gram: Array
    owner: Array | None
    products: Array
    tolerance: Array

    @property
    def xp(self) -> Any:
        """The array namespace of the problems."""
        return api.array_namespace(self.gram)

    def of(self, index: Index) -> "Problems":
        """The problems with the given indices."""
        taken = (self.xp.take(a, index, axis=0) for a in (self.owners(), self.products, self.tolerance))
        return Problems(self.gram, *taken)

    def owners(self) -> Index:
        """The number of each problem's Gram matrix, (m,)."""
        if self.owner is not None:
            return self.owner
        each = self.products.shape[0] // self.gram.shape[0]
        return self.xp.arange(self.products.shape[0], device=api.device(self.gram)) // each


def solve_on(problems: Problems, support: Support) -> tuple[Multipliers, Array]:
    """The multipliers on the supports, of either sign and zero elsewhere, and the slack b + A mu; (m, M) each.

    :param support: (m, M), boolean.
    """
    xp = problems.xp
    count, whole = xp.sum(xp.astype(support, xp.int64), axis=1), problems.owner is None
    size = max(BLOCK, FEW_NUMBERS // support.shape[1] ** 2)
    if support.shape[0] <= size:
        found, pulled = _solve_block(problems, support, count, not whole)
    else:
        owned, order = replace(problems, owner=problems.owners()), xp.argsort(count)
        blocks = [order[start : min(start + size, order.shape[0])] for start in range(0, order.shape[0], size)]
        solved = [_solve_block(owned.of(i), xp.take(support, i, axis=0), xp.take(count, i), not whole) for i in blocks]
        back = xp.argsort(order)
        found, pulled = (xp.take(xp.concat(list(parts)), back, axis=0) for parts in zip(*solved, strict=True))
    if whole:
        # All problems of a Gram matrix are there, in order, so that one product serves them.
        by_gram = xp.reshape(found, (problems.gram.shape[0], -1, support.shape[1]))
        pulled = xp.reshape(by_gram @ problems.gram, support.shape)
    return found, problems.products + pulled


def _solve_block(problems: Problems, support, count, pulls: bool):
    """Multipliers and, with ``pulls``, A mu of one block of problems; the identity pads each system to the largest support."""
    xp, n_points = problems.xp, support.shape[1]
    most = max(int(xp.max(count)), 1)
    points = xp.argsort(xp.astype(~support, xp.int8), axis=1, stable=True)[:, :most]
    real = xp.arange(most, device=api.device(points))[None, :] < count[:, None]
    # The array standard takes along one axis only, so the rows of the Gram matrices are stacked.
    stacked, places = xp.reshape(problems.gram, (-1, n_points)), problems.owners()[:, None] * n_points + points
    entries = xp.reshape(places[:, :, None] * n_points + points[:, None, :], (-1,))
    columns = xp.reshape(xp.take(xp.reshape(stacked, (-1,)), entries), (*points.shape, most))
    identity = xp.eye(most, dtype=columns.dtype, device=api.device(columns))
    system = xp.where(real[:, :, None] & real[:, None, :], columns, identity)
    wanted = xp.where(real, -xp.take_along_axis(problems.products, points, axis=1), 0.0)
    found = xp.linalg.solve(system, wanted[:, :, None])[:, :, 0]
    rank = xp.clip(xp.cumulative_sum(xp.astype(support, xp.int64), axis=1) - 1, 0)
    multipliers = xp.where(support, xp.take_along_axis(found, rank, axis=1), 0.0)
    if not pulls:
        return multipliers, multipliers
    rows = xp.reshape(xp.take(stacked, xp.reshape(places, (-1,)), axis=0), (*points.shape, n_points))
    return multipliers, (found[:, None, :] @ rows)[:, 0, :]


def finish(problems: Problems, support: Support) -> tuple[Multipliers, int]:
    """The non-negative solutions, from guesses of their supports.

    In each round all points with negative multipliers leave the support and the most violated point joins it. The rounds may
    cycle: problems that are unsolved after :data:`EXCHANGES` rounds are solved from the start by :func:`add_one_by_one`.

    :param support: (m, M), boolean.
    :returns: multipliers, (m, M), and the number of problems that :func:`add_one_by_one` solved.
    """
    xp = problems.xp
    left = xp.arange(support.shape[0], device=api.device(support))
    parts, places = [], []
    for _ in range(EXCHANGES):
        found, slack = solve_on(problems, support)
        leaves = support & (found < -problems.tolerance)
        joins = _lowest(xp, xp.where(support, problems.tolerance, slack)) & (slack < -problems.tolerance)
        parts, places, rest = _set_aside(xp, ~xp.any(leaves | joins, axis=1), found, left, parts, places)
        if not rest.shape[0]:
            return _in_order(xp, parts, places), 0
        problems, (support, left) = _kept(problems, rest, (support & ~leaves) | joins, left)
    return _in_order(xp, [*parts, add_one_by_one(problems)], [*places, left]), left.shape[0]


def add_one_by_one(problems: Problems) -> Multipliers:
    """The non-negative solutions by the method of Lawson & Hanson 1974, (m, M).

    The most violated point joins the support, and a point leaves when its multiplier would become negative. The objective falls
    at every step, so no support occurs twice.
    """
    xp = problems.xp
    now, support = xp.zeros_like(problems.products), xp.zeros_like(problems.products, dtype=xp.bool)
    left, parts, places = xp.arange(now.shape[0], device=api.device(now)), [], []
    for _ in range(STEPS_PER_POINT * now.shape[1]):
        trial, slack = solve_on(problems, support)
        wall = support & (trial <= 0)
        reach = xp.where(wall, now / xp.where(wall, now - trial, 1.0), 1.0)
        step = xp.min(reach, axis=1, keepdims=True)
        now, stopped = now + step * (trial - now), xp.any(wall, axis=1, keepdims=True)
        slack = xp.where(support, 0.0, slack)
        worst = xp.min(slack, axis=1, keepdims=True)
        done = ~stopped & (worst >= -problems.tolerance)
        parts, places, rest = _set_aside(xp, done[:, 0], now, left, parts, places)
        if not rest.shape[0]:
            break
        support = xp.where(stopped, support & ~(wall & (reach <= step)), support | _lowest(xp, slack))
        now = xp.where(support, now, 0.0)
        problems, (now, support, left) = _kept(problems, rest, now, support, left)
    else:
        parts, places = [*parts, now], [*places, left]
    return _in_order(xp, parts, places)


def _set_aside(xp, settled, found, left, parts, places):
    """The settled problems added to parts and places, and the indices of the rest."""
    index = xp.nonzero(settled)[0]
    parts, places = [*parts, xp.take(found, index, axis=0)], [*places, xp.take(left, index)]
    return parts, places, xp.nonzero(~settled)[0]


def _kept(problems, rest, *arrays):
    return problems.of(rest), [problems.xp.take(array, rest, axis=0) for array in arrays]


def _in_order(xp, parts, places):
    return xp.take(xp.concat(parts), xp.argsort(xp.concat(places)), axis=0)


def _lowest(xp, values):
    """Booleans that mark the first lowest entry of every row."""
    return xp.arange(values.shape[1], device=api.device(values)) == xp.argmin(values, axis=1, keepdims=True)
