"""The least number of nested features in which labelled points are separable, for many draws at once, with certificates.

Signed points z (label times point) are not separable in their first n features if weights a >= 0 of sum 1 have
sum_i a_i z_i = 0 in all of them. The simplex method keeps such weights on n + 1 points. With the next feature, their
combination leaves the origin, and pivots bring it back, from the weights that there are (phase 1 of Dantzig, Linear Programming
and Extensions, 1963). Where they cannot, the multipliers of the constraints are a direction that separates the points, and
n + 1 features are the least number: points that are separable in some features are separable in more.

Draws pivot together, because for a few dozen points one draw at a time takes numpy longer to call than to compute. In the end
weights and direction are computed anew from the points that have weight, and hold or not as in
:mod:`empirical.separability.certificates`. Where one of them does not hold, the number is searched by
:func:`empirical.separability.points_and_balls.separate`.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from scipy.linalg import get_blas_funcs

from empirical.separability.certificates import AT_ORIGIN, is_separating
from empirical.separability.points_and_balls import separate

Signed = np.ndarray  # (n, K, N)
Features = Callable[[int], np.ndarray]
# Relative to the largest entry of a feature: prices that count as negative. Entries of the tableau that may be pivots.
PRICE, PIVOT = 1e-11, 1e-10
# Pivots per point after which a draw is given up.
PIVOTS = 10
# Draws in memory at a time, where a function makes them.
TOGETHER = 500
# Numbers in the tableaus of draws that pivot together, as many as stay in a processor's cache.
IN_CACHE = 2**18
# BLAS itself, in place: numpy would make a copy of the tableaus at each pivot, which is faster below so many numbers in each.
SMALL = 1000
(_rank_one,) = get_blas_funcs(("ger",), dtype=np.float64)


def least_features(signed: Signed) -> np.ndarray:
    """The least number n* > 0 of the first features in which signed points are separable through the origin, in n draws, (n,).

    It is N + 1 where all features do not separate them. Each answer is certified, in n* and in n* - 1 features. Memory: some
    million numbers beside the points.

    :param signed: labels times points, (n, K, N).
    :raises empirical.separability.certificates.Uncertified: as in :func:`empirical.separability.points_and_balls.separate`.
    """
    _, n_points, most = signed.shape
    step = max(IN_CACHE // (n_points * max(min(n_points, most) // 2, 1)), 1)
    parts = [np.ascontiguousarray(signed[start : start + step].swapaxes(1, 2)) for start in range(0, len(signed), step)]
    return np.concatenate([least_of(lambda n, part=part: part, len(part), n_points, most) for part in parts])


def least_of_draws(draw: Callable[[], np.ndarray], n: int) -> np.ndarray:
    """As :func:`least_features`, for n draws, of which few are in memory at a time; ``draw()`` returns one of them, (K, N)."""
    sizes = [min(TOGETHER, n - start) for start in range(0, n, TOGETHER)]
    return np.concatenate([least_features(np.stack([draw() for _ in range(size)])) for size in sizes])


def least_of(features: Features, n_draws: int, n_points: int, most: int) -> np.ndarray:
    """As :func:`least_features`, for features that are made when they are needed.

    :param features: returns the first n features or more, labels times those of the points, (n_draws, n or more, n_points).
    :param most: N, the largest n.
    """
    found, basis = _pivoted_to_the_end(features, n_draws, n_points, most)
    signed, never = features(min(int(found.max()), most)).swapaxes(1, 2), found > most
    if never.any():
        # A feature in which all points are 0 stands for those that there are not.
        signed = np.concatenate([signed[:, :, :most], np.zeros((n_draws, n_points, 1))], axis=2)
    certain = _certified(signed, basis, found, never)
    for draw in np.flatnonzero(~certain):
        found[draw] = _searched(lambda n, draw=draw: features(n)[draw, :n].T, most)
    return found


def _pivoted_to_the_end(features: Features, n_draws: int, n_points: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """The least numbers, (n,), once no combination can be brought back to the origin; and the last bases, (n, rows)."""
    draws = _Tableaus.begun(n_draws, n_points, most)
    found, basis = np.full(n_draws, most + 1), np.zeros_like(draws.basis)
    going, waiting = np.ones(n_draws, dtype=bool), np.arange(n_draws)
    for _ in range(PIVOTS * n_points):
        if len(waiting):
            draws.price(waiting, features(int(draws.count[waiting].max())))
        entering = draws.costs.argmin(1)
        going &= draws.costs[np.arange(len(going)), entering] < draws.floor
        found[draws.number], basis[draws.number] = draws.count, draws.basis
        if 2 * np.count_nonzero(going) < len(going):
            draws, entering, going = draws.only(going), entering[going], going[going]
        if not len(going):
            break
        back = draws.exchange(entering, going)
        waiting = np.flatnonzero(back & (draws.count <= most) & (draws.count < draws.rows.shape[1]))
        going[back] = False
        going[waiting] = True
    return found, basis


@dataclass
class _Tableaus:
    """The simplex tableaus of n draws.

    number: of the draws, (n,). rows: coordinates of every point in the points of the basis, (n, rows, K).
    basis: the points that have weight, (n, rows). weights: theirs, (n, rows). count: how many there are, one more than features
    in which they are at the origin, (n,).
    away: where their combination is in the next feature, positive, (n,). costs: what a little weight on each point adds to
    that, (n, K). floor: minus the costs that count as 0, (n,).
    """

    number: np.ndarray
    rows: np.ndarray
    basis: np.ndarray
    weights: np.ndarray
    count: np.ndarray
    away: np.ndarray
    costs: np.ndarray
    floor: np.ndarray

    @classmethod
    def begun(cls, n: int, n_points: int, most: int) -> "_Tableaus":
        """Without a feature, all weight is on the first point."""
        size = min(n_points, most + 1)
        rows, weights = np.zeros((n, size, n_points)), np.zeros((n, size))
        rows[:, 0], weights[:, 0] = 1.0, 1.0
        basis, count = np.zeros((n, size), dtype=int), np.ones(n, dtype=int)
        return cls(np.arange(n), rows, basis, weights, count, np.zeros(n), np.zeros((n, n_points)), np.zeros(n))

    def only(self, kept: np.ndarray) -> "_Tableaus":
        """The marked draws."""
        return _Tableaus(*(getattr(self, field.name)[kept] for field in fields(self)))

    def price(self, draws: np.ndarray, features: np.ndarray) -> None:
        """Set the costs of the next feature of some draws, given as indices."""
        feature = features[self.number[draws], self.count[draws] - 1]
        along = np.take_along_axis(feature, self.basis[draws], axis=1)
        along *= np.arange(along.shape[1]) < self.count[draws, None]
        away = (along * self.weights[draws]).sum(1)
        for one, draw, count in zip(along, draws.tolist(), self.count[draws].tolist(), strict=True):
            self.costs[draw] = one[:count] @ self.rows[draw, :count]
        side = np.where(away < 0, -1.0, 1.0)
        self.costs[draws], self.away[draws] = side[:, None] * (feature - self.costs[draws]), side * away
        self.floor[draws] = -PRICE * np.abs(feature).max(1)

    def exchange(self, entering: np.ndarray, going: np.ndarray) -> np.ndarray:
        """Bring a point into the basis of each draw that is going; whether the combination is back at the origin, (n,).

        A point leaves where its weight is the first to vanish; where the combination is at the origin before, none leaves.
        """
        each, most = np.arange(len(going)), int(self.count[going].max())
        column, price = self.rows[each, :most, entering], self.costs[each, entering]
        column[~going], price[~going] = 0.0, -1.0
        may_leave = (column > PIVOT) & (np.arange(most) < self.count[:, None])
        reach = np.where(may_leave, self.weights[:, :most] / np.where(may_leave, column, 1.0), np.inf)
        leaving = reach.argmin(1)
        back = going & (self.away / -price <= reach[each, leaving])
        # How much weight the entering point gets.
        gain = np.where(back, self.away / -price, np.where(going, reach[each, leaving], 0.0))
        pivot = self.rows[each, leaving] / np.where(back | ~going, 1.0, column[each, leaving])[:, None]
        pivot[back] = self.costs[back] / price[back, None]
        self._subtract(column, pivot)
        self.weights[:, :most] -= gain[:, None] * column
        self.costs -= np.where(going, price, 0.0)[:, None] * pivot
        self.away += gain * price
        draws, place = each[going], np.where(back, self.count, leaving)[going]
        self.rows[draws, place], self.basis[draws, place], self.weights[draws, place] = (
            pivot[going],
            entering[going],
            gain[going],
        )
        self.count += back
        return back

    def _subtract(self, column: np.ndarray, pivot: np.ndarray) -> None:
        """Take the products of a column and a row from the rows of each tableau."""
        n_rows = column.shape[1]
        if n_rows * pivot.shape[1] < SMALL:
            self.rows[:, :n_rows] -= column[:, :, None] * pivot[:, None, :]
            return
        for rows, one, another in zip(self.rows, pivot, column, strict=True):
            _rank_one(-1.0, one, another, a=rows[:n_rows].T, overwrite_a=1)


def _certified(signed: Signed, basis: np.ndarray, n_features: np.ndarray, never: np.ndarray) -> np.ndarray:
    """Whether draws are separable in their number of features, except where never, and not in one feature fewer, (n,)."""
    with np.errstate(all="ignore"):
        try:
            weights, direction = _from_basis(signed, basis, n_features)
        except np.linalg.LinAlgError:
            return np.zeros(len(signed), dtype=bool)
    first = np.arange(signed.shape[2]) < n_features[:, None] - 1
    chosen = np.take_along_axis(signed, basis[:, : weights.shape[1], None], axis=1) * first[:, None, :]
    total = (weights * np.linalg.norm(chosen, axis=2)).sum(1)
    at_origin = np.linalg.norm((weights[:, None, :] @ chosen)[:, 0], axis=1) <= AT_ORIGIN * total
    length = np.linalg.norm(signed * (np.arange(signed.shape[2]) < n_features[:, None])[:, None, :], axis=2)
    least = ((signed @ direction[:, :, None])[:, :, 0] / length).min(1)
    return (at_origin | (n_features == 1)) & (is_separating(least, np.linalg.norm(direction, axis=1)) | never)


def _from_basis(signed: Signed, basis: np.ndarray, n_features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The weights of the basis, >= 0, (n, rows), and the direction, (n, N), computed from the points of the basis."""
    most = int(n_features.max())
    real = np.arange(most) < n_features[:, None]
    chosen = np.take_along_axis(signed, basis[:, :most, None], axis=1)[:, :, :most]
    last = np.take_along_axis(chosen, n_features[:, None, None] - 1, axis=2)[:, :, 0]
    constraints = np.concatenate([np.ones((len(signed), most, 1)), chosen[:, :, :-1]], axis=2).swapaxes(1, 2)
    constraints = np.where(real[:, :, None] & real[:, None, :], constraints, np.eye(most))
    inverse, wanted = np.linalg.inv(constraints), np.eye(most)[0]
    weights = inverse[:, :, 0]
    weights = weights + (inverse @ (wanted - (constraints @ weights[:, :, None])[:, :, 0])[:, :, None])[:, :, 0]
    multipliers = ((last * real)[:, None, :] @ inverse)[:, 0]
    direction = np.zeros((len(signed), signed.shape[2]))
    direction[:, : most - 1] = -(multipliers * real)[:, 1:]
    np.put_along_axis(direction, n_features[:, None] - 1, 1.0, axis=1)
    side = np.where((multipliers[:, :1] > 0), 1.0, -1.0)
    return np.where(real, np.maximum(weights, 0.0), 0.0), side * direction


def _searched(points_in: Callable[[int], np.ndarray], most: int) -> int:
    """The least number of one draw by bisection, from certified answers one by one."""
    too_few, enough = 0, most + 1
    while enough - too_few > 1:
        n = (too_few + enough) // 2
        points = points_in(n)
        too_few, enough = (too_few, n) if separate(points, np.ones(len(points))).separable else (n, enough)
    return enough
