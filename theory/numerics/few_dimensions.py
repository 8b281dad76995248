"""Non-negative least squares for many points in few dimensions: the exact solutions, without a guess.

The problems are those of :mod:`theory.numerics.nnls`, on a Gram matrix A = S^T S of small rank d. A solution needs no more than
d points, so that the points that have a multiplier are kept as lists of d places. They join one by one, as in
:func:`theory.numerics.active_sets.add_one_by_one`. All that is done for every point is the slack b + S^T (S mu).
"""

from dataclasses import dataclass

import numpy as np

from theory.numerics.active_sets import Problems, add_one_by_one

Gram = np.ndarray  # A, (M, M)
Factor = np.ndarray  # S, (d, M)
Products = np.ndarray  # b, (n, M)
Multipliers = np.ndarray  # mu, (n, M)
# Most dimensions, and fewest points per dimension, with which this is faster than to guess for all points at once.
MOST, FEWEST = 5, 2
# Squared lengths of what is left of points of length 1 that rounding can produce.
ROUNDING = 1e-14
# Rounds, per dimension, before another solver takes over.
ROUNDS = 10


def factor_of(gram: Gram) -> Factor | None:
    """S with S^T S = A to rounding, by Cholesky factorization with pivots; None where its dimensions are not few.

    :param gram: A, (M, M), unit diagonal.
    """
    rows, left = np.zeros((0, len(gram))), np.diag(gram).copy()
    while left.max() > ROUNDING:
        if len(rows) == MOST or len(gram) < FEWEST * (len(rows) + 1):
            return None
        pivot = int(left.argmax())
        row = (gram[pivot] - rows[:, pivot] @ rows) / np.sqrt(left[pivot])
        rows, left = np.vstack([rows, row]), left - row**2
    return rows


@dataclass
class _Lists:
    """Problems that are not solved yet, and the points that have a multiplier in each of them.

    rows: the numbers of the problems, (m,). place: the points, (m, d); the places from ``count``, (m,), on are empty and have
    the numbers M, M + 1, .. of points at right angles to all others. now: multipliers, (m, d), 0 in empty places.
    """

    rows: np.ndarray
    place: np.ndarray
    count: np.ndarray
    now: np.ndarray

    def only(self, kept: np.ndarray) -> "_Lists":
        """The problems with the given indices."""
        return _Lists(self.rows[kept], self.place[kept], self.count[kept], self.now[kept])


def added_in_few_dimensions(gram: Gram, factor: Factor, products: Products, tolerance: np.ndarray) -> Multipliers:
    """The non-negative solutions by the method of Lawson & Hanson 1974, (n, M).

    :param gram: A, (M, M), near unit diagonal, positive definite. :param factor: S, (d, M). :param products: b, (n, M).
    :param tolerance: (n, 1); a slack counts as negative only below minus this.
    """
    (n, n_points), dim = products.shape, len(factor)
    bordered = np.eye(n_points + dim)
    bordered[:n_points, :n_points] = gram
    wide, factor = (np.hstack([one, np.zeros((len(one), dim))]) for one in (products, factor))
    found, empty = np.zeros((n, n_points + dim)), n_points + np.arange(dim)
    lists = _Lists(np.arange(n), np.tile(empty, (n, 1)), np.zeros(n, dtype=int), np.zeros((n, dim)))
    slack = wide
    for _ in range(ROUNDS * dim):
        joining = slack.argmin(1)
        done = np.take_along_axis(slack, joining[:, None], axis=1)[:, 0] >= -tolerance[lists.rows, 0]
        # With all places taken, the points are no more than rounding from fewer dimensions.
        going = np.flatnonzero(~done & (lists.count < dim))
        _keep(found, lists.only(np.flatnonzero(done)))
        left, lists = lists.rows[~done & (lists.count == dim)], lists.only(going)
        _add_with_all_places(found, gram, wide, tolerance, left)
        if not len(going):
            break
        _join(lists, joining[going])
        _solve(bordered, wide, lists, empty)
        pulled = (lists.now[:, None, :] @ factor.T[lists.place])[:, 0] @ factor
        slack = wide[lists.rows] + pulled
        np.put_along_axis(slack, lists.place, 0.0, axis=1)
    else:
        _add_with_all_places(found, gram, wide, tolerance, lists.rows)
    return found[:, :n_points]


def _keep(found: np.ndarray, lists: _Lists) -> None:
    found[lists.rows[:, None], lists.place] = np.maximum(lists.now, 0.0)


def _add_with_all_places(found: np.ndarray, gram: Gram, wide: np.ndarray, tolerance: np.ndarray, rows: np.ndarray) -> None:
    """Solve problems that may need more than d points, such as those that rounding makes."""
    if len(rows):
        problems = Problems(gram[None], None, wide[rows, : len(gram)], tolerance[rows])
        found[rows, : len(gram)] = np.maximum(add_one_by_one(problems), 0.0)


def _join(lists: _Lists, points: np.ndarray) -> None:
    lists.place[np.arange(len(points)), lists.count] = points
    lists.count += 1


def _solve(bordered: np.ndarray, wide: np.ndarray, lists: _Lists, empty: np.ndarray) -> None:
    """Solve on the lists; where a multiplier would be negative, the solution stops on the way, and that point leaves."""
    moving = np.arange(len(lists.rows))
    while len(moving):
        some = lists.only(moving)
        most = int(some.count.max())
        place, now = some.place[:, :most], some.now[:, :most]
        wanted = -np.take_along_axis(wide[some.rows], place, axis=1)
        trial = np.linalg.solve(bordered[place[:, :, None], place[:, None, :]], wanted[:, :, None])[:, :, 0]
        wall = (trial <= 0) & (np.arange(most) < some.count[:, None])
        reach = np.where(wall, now / np.where(wall, now - trial, 1.0), 1.0)
        step = reach.min(1, keepdims=True)
        lists.now[moving, :most] = now + step * (trial - now)
        stopped = wall.any(1)
        moving = moving[stopped]
        _leave(lists, moving, (wall & (reach <= step))[stopped], empty)


def _leave(lists: _Lists, rows: np.ndarray, leaving: np.ndarray, empty: np.ndarray) -> None:
    """Take the marked points out of the lists, and close the gaps."""
    most = leaving.shape[1]
    leaving = leaving | (np.arange(most) >= lists.count[rows, None])
    order, count = np.argsort(leaving, axis=1, kind="stable"), most - leaving.sum(1)
    real, first = np.arange(most) < count[:, None], np.arange(most)
    for values, none in ((lists.place, empty[:most]), (lists.now, 0.0)):
        values[rows[:, None], first] = np.where(real, np.take_along_axis(values[rows, :most], order, axis=1), none)
    lists.count[rows] = count
