"""The capacity of point clouds, measured by separating them: random dichotomies in random projections, with no theory.

One draw labels every manifold +1 or -1, independently, and projects the features on n Gaussian directions, the first n of one
sequence. A draw that is separable in n features is separable in more. It therefore has a least number n* of features in which
it is separable through the origin, and bisection finds it. For any fixed dichotomy that all features separate (Amelunxen, Lotz,
McCoy & Tropp 2014),

    P(separable in n) = 2 (v_{n-1} + v_{n-3} + ...)    and therefore    E n* = statistical dimension of the joint cone + 1/2,

where v are the intrinsic volumes of the cone over all signed points. This holds at every finite P and N and for all labels.
Independent and symmetric labels matter only for the comparison with theory, which averages over such labels. Every answer is
certified by :mod:`empirical.separability.interior_point`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from empirical.separability import nested_features
from empirical.separability.estimate import Estimate
from empirical.separability.interior_point import separate_from

Points = np.ndarray  # (n_points, N)
Labels = np.ndarray  # (n_points,), +1 or -1


# With more features needed, or more numbers in the points' needed features, pivots of all draws together take longer than
# interior points of one after another.
FEW_FEATURES, FEW_NUMBERS = 45, 25_000


class TooFewFeatures(ValueError):
    """All features together do not separate some dichotomy, so that its n* does not exist."""


@dataclass(frozen=True)
class Simulated:
    """The simulated capacity of point clouds; standard errors are over dichotomies and projections, for these points.

    capacity: P / (mean n* - 1/2), manifolds per feature; its standard error is by the delta method.
    features: mean n*, the least number of random features in which a random dichotomy is separable.
    least_features: n* of every draw, shape (n_draws,), whole numbers.
    """

    capacity: Estimate
    features: Estimate
    least_features: np.ndarray


def simulated_capacity(
    clouds: Sequence | np.ndarray, n_draws: int = 40, seed: int = 0, *, center_mean: bool = True
) -> Simulated:
    """The simulated capacity of point clouds at margin 0: they are separated through the origin under independent labels.

    Source: Cohen, Chung, Lee & Sompolinsky 2020, methods, with changes to match replica theory: no bias, independent labels,
    and the mean of n* with its exact finite-size term 1/2. The relative standard error is about 1 / sqrt(n* n_draws), and more
    where dichotomies differ. Memory is a few times (P M) x min(P M, N). On one core, 40 draws of 10 clouds of 20 points take
    0.2 s, and 20 draws of 100 clouds of 50 points at n* = 770 take less than two minutes. At n* = 2,500 (unstructured points)
    each draw takes two minutes.

    :param clouds: (P, M, N), or a list of (M_i, N) arrays, points in rows; only the directions of points from the origin
        matter.
    :param n_draws: number of dichotomies, each with its own projection; at least 2.
    :param seed: of the draws; the first k draws are the same for every ``n_draws``.
    :param center_mean: subtract the mean of all points first. Equal labels for all manifolds are then drawn again, because no
        plane through the mean separates them. Unequal counts of labels are harder too (10 unstructured clouds of 10 points: n*
        is 50 at 5 to 5, 74 at 1 to 9); theory with the same ``center_mean`` includes this in the mean.
    :raises TooFewFeatures: a dichotomy is not separable in all N features; the message says how many features would suffice.
    :raises ValueError: there are fewer than two manifolds or no points; points are at the origin or not finite; or widths
        differ.
    :raises empirical.separability.certificates.Uncertified: points are too near the boundary for float64.
    """
    clouds = _checked(clouds, n_draws)
    points = _coordinates(np.concatenate(clouds), center_mean)

    def draw(rng, bracket):
        return least_features(points, _labels(rng, clouds, center_mean), rng, *bracket)

    first = draw(np.random.default_rng([seed, 0]), _bracket([], len(clouds)))
    if first <= FEW_FEATURES and first * len(points) <= FEW_NUMBERS:
        found = np.append(first, _together(points, clouds, seed, range(1, n_draws), center_mean))
    else:
        found = _draws(draw, first, n_draws, seed, len(clouds))
    features = Estimate(float(found.mean()), float(found.std(ddof=1) / np.sqrt(n_draws)), n_draws)
    return Simulated(_capacity(len(clouds), features), features, found)


def _capacity(n_manifolds: int, features: Estimate) -> Estimate:
    dimension = features.value - 0.5
    return Estimate(n_manifolds / dimension, n_manifolds * features.se / dimension**2, features.n)


def least_features(points: Points, labels: Labels, rng: np.random.Generator, guess: int = 1, step: int = 1) -> int:
    """The least number n* > 0 of nested Gaussian features in which labelled points are separable through the origin.

    :param points: shape (n_points, N), none of them 0.
    :param labels: +1 or -1, shape (n_points,).
    :param rng: draws the features one after the other, so that n* does not depend on guess and step.
    :param guess: number of features where the search starts.
    :param step: length of the first step of the search.
    :raises TooFewFeatures, Uncertified: as in :func:`simulated_capacity`.
    """
    signs, most = labels[:, None], points.shape[1]
    projected, weights = np.zeros((len(points), 0)), np.ones(len(points))
    below, above, n = 0, None, min(max(guess, 1), most)
    while above is None or above - below > 1:
        have = projected.shape[1]
        if n > have:
            drawn = rng.standard_normal((min(n + step, most) - have, most))
            projected = np.hstack([projected, signs * (points @ drawn.T)])
        separable, weights = separate_from(projected[:, :n], weights)
        below, above = (below, n) if separable else (n, above)
        if below == most:
            raise TooFewFeatures(_too_few(points))
        n = _next(below, above, step, most)
        step = step if above and below else 2 * step
    return above


def _together(points, clouds, seed, draws, center_mean):
    """n* of draws of the given numbers, found together."""
    rngs, n_draws, n_points, most = [np.random.default_rng([seed, index]) for index in draws], len(draws), *points.shape
    labels = np.stack([_labels(rng, clouds, center_mean) for rng in rngs])
    made = [np.zeros((n_draws, 0, n_points))]

    def features(n):
        if n > made[0].shape[1]:
            more = min(max(n, 2 * made[0].shape[1], 2 * len(clouds)), most) - made[0].shape[1]
            fresh = [signs * (rng.standard_normal((more, most)) @ points.T) for rng, signs in zip(rngs, labels, strict=True)]
            made[0] = np.concatenate([made[0], fresh], axis=1)
        return made[0]

    found = nested_features.least_of(features, n_draws, n_points, most)
    if found.max() > most:
        raise TooFewFeatures(_too_few(points))
    return found


def _draws(draw, first, n_draws, seed, n_manifolds):
    found = [first]
    for index in range(1, n_draws):
        found.append(draw(np.random.default_rng([seed, index]), _bracket(found, n_manifolds)))
    return np.array(found)


def _next(below, above, step, most):
    if above is None:
        return min(below + step, most)
    return (below + above) // 2 if below else max(above - step, 1)


def _bracket(found, n_manifolds):
    """Where to look for the next n*: at the mean of the earlier n*, within one standard deviation."""
    if not found:
        return n_manifolds, n_manifolds
    guess = np.mean(found)
    return round(guess), max(1, round(np.std(found) if len(found) > 2 else guess**0.5))


def _too_few(points):
    rank = np.linalg.matrix_rank(points)
    return (
        f"a random dichotomy is not separable in all {rank} dimensions that the points span, so projections have no capacity; "
        f"it needs more than {rank} features, and {len(points)} features suffice for {len(points)} points in general position: "
        "take a wider layer, fewer points, or fewer manifolds (no number of features helps if two manifolds share a point)"
    )


def _labels(rng, clouds, proper):
    while True:
        labels = rng.choice([-1.0, 1.0], len(clouds))
        if not proper or abs(labels.sum()) < len(clouds):
            return np.repeat(labels, [len(cloud) for cloud in clouds])


def _coordinates(points, center_mean):
    """Directions of the points, (n_points, min(n_points, N)); rotating independent points does not change them."""
    points = points - points.mean(0) if center_mean else points
    length = np.linalg.norm(points, axis=1, keepdims=True)
    if not np.all(length > 0):
        raise ValueError(f"point {int(np.argmin(length))} of all is at the origin, which no plane separates: leave it out")
    lower = np.transpose(np.linalg.qr((points / length).T, mode="r"))
    return lower * np.where(np.diag(lower) < 0, -1.0, 1.0)


def _checked(clouds, n_draws):
    if n_draws < 2:
        raise ValueError(f"n_draws must be at least 2, or there is no standard error; received {n_draws!r}")
    clouds = [np.asarray(cloud, dtype=float) for cloud in clouds]
    if len(clouds) < 2:
        raise ValueError(f"clouds must be two manifolds or more, or there is nothing to separate; received {len(clouds)}")
    for index, cloud in enumerate(clouds):
        if cloud.ndim != 2 or not cloud.size or cloud.shape[1] != clouds[0].shape[1]:
            raise ValueError(f"manifold {index} must have shape (M, {clouds[0].shape[-1]}), M > 0; received {cloud.shape}")
        if not np.all(np.isfinite(cloud)):
            raise ValueError(f"manifold {index} must be finite; received a NaN or an infinity")
    return clouds
