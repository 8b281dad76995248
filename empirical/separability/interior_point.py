"""Separability of thousands of points through the origin, with a certificate: an interior point method on working sets.

The method approaches the point nearest to the origin in the hull of unit vectors z: min ||sum_i a_i z_i||^2 over weights a >= 0
that add up to 1. It stays inside (Mehrotra's predictor and corrector), and stops as soon as one of two certificates holds: the
hull point w has w.z > 0 for all points, or positive weights put a hull point at the origin. If neither certificate is found,
the method is repeated in orthonormal features; if that fails, non-negative least squares decides.
"""

import numpy as np
from scipy.linalg import LinAlgError, get_lapack_funcs, solve_triangular

from empirical.separability.certificates import AT_ORIGIN, Uncertified, is_at_origin, is_separating
from empirical.separability.points_and_balls import separate

Points = np.ndarray  # (n_points, n_features), labels multiplied in
Weights = np.ndarray  # (n_points,), >= 0

MAX_STEPS = 60
# Share of the way to the boundary; share of the weight spread over all points when one solution starts the next problem.
BACKOFF, UNIFORM = 0.99, 0.1
# Steps towards a combination at the origin, and the factor by which its weights may grow meanwhile.
REPEATS, GROWTH = 6, 1e3
# LAPACK itself: in the few dozen features of a small problem, scipy's checks take longer than the solve.
_factored, _solved_by = get_lapack_funcs(("potrf", "potrs"), dtype=np.float64)
# Points in the first working set, and most points that join at once, per feature; up to SMALL points are all taken.
FIRST, ADDED, SMALL = 1.5, 0.5, 400


def separate_from(points: Points, weights: Weights) -> tuple[bool, Weights]:
    """Whether w.z > 0 for some w and all points z, decided by cutting planes; and weights to start the next problem from.

    If a subset of the points has the origin in its hull, the points are not separable. If a direction separates the subset, it
    is tested on all points, and the points that it misses most join the subset. The cost is that of about 5 to 15 Cholesky
    decompositions of size n_features, and of products of the subset and the features.

    :param points: labels multiplied in, none of them 0, shape (n_points, n_features).
    :param weights: where to start, >= 0, shape (n_points,); the points with the largest weights form the first subset.
    :returns: the answer, and weights to start from for the same points in other features.
    :raises empirical.separability.certificates.Uncertified: the points are within 1e-13 of the boundary, where float64 cannot
        decide.
    """
    points = points / np.linalg.norm(points, axis=1, keepdims=True)
    n_points, n_features = points.shape
    weights = (1 - UNIFORM) * weights / weights.sum() + UNIFORM / n_points
    subset = _likely(points, weights, int(FIRST * n_features) + SMALL // 2)
    for _ in range(n_points):
        separable, inside, direction = _decide(points[subset], weights[subset] / weights[subset].sum())
        weights = np.full(n_points, UNIFORM / n_points)
        weights[subset] += (1 - UNIFORM) * inside
        cosines = points @ direction
        missed = ~is_separating(cosines, np.linalg.norm(direction))
        if not separable or not missed.any():
            return separable, weights
        worst = np.argsort(cosines)[: max(int(ADDED * n_features), 10)]
        subset = np.union1d(subset, worst[missed[worst]])
    raise Uncertified(
        f"{n_points} points could be neither separated nor shown inseparable by cutting planes; draw other points"
    )


def _likely(points, weights, wanted):
    """The points of the first subset: those with the largest weights; of equal weights, the worst for the weighted mean."""
    if len(weights) <= max(1.5 * wanted, SMALL):
        return np.arange(len(weights))
    return np.lexsort((points @ (weights @ points), -weights))[:wanted]


def _decide(points, weights):
    """The answer for unit vectors, the weights reached, and the direction that belongs to the answer."""
    for attempt in (_follow, _follow_orthonormal):
        try:
            with np.errstate(all="ignore"):
                return attempt(points, weights)
        except (LinAlgError, FloatingPointError):
            continue
    try:
        found = separate(points, np.ones(len(points)))
    except RuntimeError as error:
        raise Uncertified(f"{len(points)} points in {points.shape[1]} features: {error}") from error
    return found.separable, weights, found.direction


def _follow_orthonormal(points, weights):
    """The result of :func:`_follow` where features are nearly dependent, computed in orthonormal features.

    The certificate holds for the points themselves.
    """
    basis, triangle = np.linalg.qr(points)
    length = np.linalg.norm(basis, axis=1)
    separable, inside, direction = _follow(basis / length[:, None], weights)
    if separable:
        direction = solve_triangular(triangle, direction)
        if is_separating((points @ direction).min(), np.linalg.norm(direction)):
            return True, weights, direction
    else:
        combination = inside / length
        if is_at_origin(np.linalg.norm(combination @ points), combination.sum()):
            return False, weights, direction
    raise FloatingPointError("no certificate that holds for the points themselves")


def _follow(points, weights):
    nearest = weights @ points
    cosines = points @ nearest
    slack = cosines - cosines.min() + max(cosines.std(), np.finfo(float).eps)
    for _ in range(MAX_STEPS):
        if is_separating(cosines.min(), np.linalg.norm(nearest)):
            return True, weights, nearest
        step = _Newton(points, weights, slack)
        combination = step.combination_at_origin(weights, nearest)
        if combination is not None:
            return False, combination / combination.sum(), nearest
        weights, slack = _advance(step, weights, slack)
        nearest = weights @ points
        cosines = points @ nearest
        if not np.all(np.isfinite(cosines)):
            break
    raise FloatingPointError("no certificate from the inside")


def _advance(step, weights, slack):
    """The next weights and slack: one step of Mehrotra's method towards weights * slack = 0, with both positive."""
    change, slack_change = step.towards(-weights)
    size = min(_reach(weights, change), _reach(slack, slack_change))
    gap, predicted = weights @ slack, (weights + size * change) @ (slack + size * slack_change)
    goal = (predicted / gap) ** 3 * gap / len(weights)
    change, slack_change = step.towards((goal - change * slack_change) / slack - weights)
    size = BACKOFF * min(_reach(weights, change), _reach(slack, slack_change))
    return weights + size * change, slack + size * slack_change


def _reach(values, change) -> float:
    """The share of the change, at most 1, up to which positive values stay positive."""
    return 1.0 / max(-(change / values).min(), 1.0)


class _Newton:
    """The linear system at one iterate: I + Z^T diag(weights / slack) Z in as many unknowns as features."""

    def __init__(self, points, weights, slack):
        self.points, self.ratio = points, weights / slack
        scaled = points * np.sqrt(self.ratio)[:, None]
        normal = scaled.T @ scaled
        normal.flat[:: len(normal) + 1] += 1.0
        # The transpose of this symmetric matrix is in LAPACK's order, and is not copied.
        self.factor, failed = _factored(normal.T, lower=1, clean=0, overwrite_a=1)
        if failed:
            raise LinAlgError(f"the system of {len(normal)} features is not positive definite")
        self.across = points @ self._solved(self.ratio @ points) - 1.0

    def _solved(self, right):
        return _solved_by(self.factor, right, lower=1)[0]

    def towards(self, target):
        """Changes of weights and slack that add slack * target to their products and keep the sum of the weights."""
        along = self.points @ self._solved(target @ self.points)
        slack_change = along + (target.sum() - self.ratio @ along) / (self.ratio @ self.across) * self.across
        return target - self.ratio * slack_change, slack_change

    def combination_at_origin(self, weights, nearest):
        """Positive weights whose combination of the points is the origin; None if the nearest weights are not positive."""
        length = np.sqrt(nearest @ nearest)
        for left in reversed(range(REPEATS)):
            if is_at_origin(length, weights.sum()):
                return weights
            # Each step multiplies the combination by the inverse of the system. No step shortens it more than the one before.
            pull = self._solved(nearest)
            shorter = np.sqrt(pull @ pull)
            if not shorter * (shorter / length) ** (left - 1) <= GROWTH * AT_ORIGIN * weights.sum():
                return None
            weights = weights - self.ratio * (self.points @ pull)
            if not weights.min() > 0:
                return None
            nearest = weights @ self.points
            length = np.sqrt(nearest @ nearest)
        return None
