"""Separability of points in many small problems at once, certified as in :mod:`empirical.separability.points_and_balls`.

The point of the hull that is nearest to the origin has weights a >= 0 with w = G a - 1 >= 0 and a.w = 0, where G holds the
inner products of the points plus 1. Principal pivots exchange a_i and w_i where the one that is not 0 is most negative (Cottle,
Pang & Stone, The Linear Complementarity Problem, 1992). All problems pivot together, because one problem at a time takes numpy
longer to call than to solve. What the pivots do not certify is decided one by one.
"""

import numpy as np

from empirical.separability import points_and_balls
from empirical.separability.certificates import is_at_origin, is_separating

Points = np.ndarray  # (n, points, N)
Weights = np.ndarray  # (n, points)
# Violations that are left alone; pivots per point after which a problem is given up.
TOLERANCE, PIVOTS = 1e-12, 4
# Numbers in the tableaus of problems that pivot together: as many as stay in a processor's cache.
IN_CACHE = 2**16
# With more points in a problem, the many numbers of each pivot take longer than problems one by one.
MOST_POINTS = 24


def separable(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Whether w.(label * point) > 0 has a solution w, in each of n problems, (n,); every answer is certified.

    :param points: shape (n, points, N); or manifolds of points, shape (n, P, M, N).
    :param labels: +1 or -1, one per point or one per manifold, shape (n, points) or (n, P).
    :raises ValueError, Uncertified: as in :func:`empirical.separability.points_and_balls.separate`.
    """
    shape = np.shape(points)
    flat = points_and_balls.signed_points(np.reshape(points, (-1, *shape[2:])), np.reshape(labels, -1))
    signed = flat.reshape(shape[0], -1, shape[-1])
    if signed.shape[1] > MOST_POINTS:
        return np.array([_alone(one) for one in signed])
    step = max(IN_CACHE // max(signed.shape[1] ** 2, 1), 1)
    return np.concatenate([_decided(signed[start : start + step]) for start in range(0, len(signed), step)])


def separable_count(
    rng: np.random.Generator, n_draws: int, n_manifolds: int, n_features: int, radius: float, shape_dim: int
) -> int:
    """How many of n draws of P balls with Gaussian centres, Gaussian axes and random labels are separable.

    Further parameters as for :func:`empirical.separability.points_and_balls.random_balls`.
    """
    if shape_dim > 1:
        draw = (n_manifolds, n_features, radius, shape_dim)
        return sum(points_and_balls.random_balls(rng, *draw).separable for _ in range(n_draws))
    labels = rng.choice([-1.0, 1.0], (n_draws, n_manifolds))
    centers, axes = rng.standard_normal((shape_dim + 1, n_draws, n_manifolds, n_features))[[0, -1]]
    points = points_and_balls.segment_ends(centers, axes, radius) if shape_dim else centers
    return int(separable(points, labels).sum())


def _decided(signed: Points) -> np.ndarray:
    length = np.linalg.norm(signed, axis=2, keepdims=True)
    with np.errstate(all="ignore"):
        unit = signed / length
        weights = nearest_weights(unit)
        nearest = weights[:, None] @ unit
        size = np.linalg.norm(nearest, axis=2)[:, 0]
        found = is_separating((unit @ nearest.swapaxes(1, 2))[:, :, 0].min(1), size)
        certain = found | is_at_origin(size, weights.sum(1))
    for index in np.flatnonzero(~certain):
        found[index] = _alone(signed[index])
    return found


def _alone(signed: np.ndarray) -> bool:
    return points_and_balls.separate(signed, np.ones(len(signed))).separable


def nearest_weights(unit: Points) -> Weights:
    """The weights of each hull's nearest point to the origin, up to their sum; not a number where pivots did not find them."""
    gram = unit @ unit.swapaxes(1, 2) + 1.0
    # The last column holds the values of the variables that are not 0.
    tableau = np.concatenate([gram, np.full((*gram.shape[:2], 1), -1.0)], axis=2)
    basic, left = np.zeros(gram.shape[:2], dtype=bool), np.arange(len(gram))
    weights = np.full(gram.shape[:2], np.nan)
    for _ in range(PIVOTS * gram.shape[1] + 1):
        worst = tableau[:, :, -1].argmin(1)
        done = tableau[np.arange(len(left)), worst, -1] >= -TOLERANCE
        if done.any():
            weights[left[done]] = np.where(basic[done], tableau[done, :, -1], 0.0)
            tableau, basic, left, worst = (one[~done] for one in (tableau, basic, left, worst))
        if not len(left):
            break
        _pivot(tableau, worst)
        basic[np.arange(len(left)), worst] ^= True
    return weights


def _pivot(tableau: np.ndarray, place: np.ndarray) -> None:
    """Exchange the variable at one place of each tableau with its complement, in place."""
    each = np.arange(len(tableau))
    column, row = tableau[each, :, place], tableau[each, place]
    pivot = row[each, place]
    row = row / -pivot[:, None]
    row[each, place] = 1 / pivot
    column[each, place] = 0.0
    tableau[each, :, place] = 0.0
    tableau += column[:, :, None] * row[:, None, :]
    tableau[each, place] = row
