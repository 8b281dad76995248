"""The largest margins of many small problems at once, each certified as in :mod:`empirical.separability.largest_margin`.

The point of a hull that is nearest to the origin is a combination of its points with weights a >= 0, and

    (Z Z^T + 1) a = 1 on the points with weight,    (Z Z^T + 1) a >= 1 on the others.

Supports are guessed for all problems together. The equations are then solved on each support, points of negative weight leave,
points that violate the inequality join, and so on (block principal pivoting; Portugal, Judice & Vicente 1994). What is not
solved and certified in a few exchanges is left to :func:`empirical.separability.largest_margin.largest_margin`.
"""

import numpy as np

from empirical.separability import points_and_balls
from empirical.separability.certificates import is_at_origin
from empirical.separability.largest_margin import CERTIFIED, largest_margin

Signed = np.ndarray  # (n, K, N)
# Products that find the largest curvature, by how much it may be larger, steps of the guess, and exchanges.
POWERS, BEYOND, STEPS, EXCHANGES = 2, 1.3, 40, 20
# Violations of the inequality that are left alone, for points of length 1 at most.
TOLERANCE = 1e-12
# Numbers in the points of the problems that are solved together, as many as stay in a processor's cache.
IN_CACHE = 2**17


def largest_margins(signed: Signed) -> np.ndarray:
    """The largest margin of labelled points in each of n problems, (n,); 0 where they are not separable.

    :param signed: labels times points, (n, K, N).
    :raises empirical.separability.certificates.Uncertified: as in
        :func:`empirical.separability.largest_margin.largest_margin`.
    """
    longest = np.sqrt(np.einsum("nki,nki->nk", signed, signed).max(1))
    scaled = signed / np.where(longest > 0, longest, 1.0)[:, None, None]
    weights = _weights(scaled @ scaled.swapaxes(1, 2))
    total = weights.sum(1, keepdims=True)
    nearest = (weights / np.where(total > 0, total, np.nan))[:, None] @ scaled
    bound = np.sqrt((nearest * nearest).sum((1, 2)))
    attained = (scaled @ nearest.swapaxes(1, 2))[:, :, 0].min(1) / np.where(bound > 0, bound, np.nan)
    certain = (bound - attained <= CERTIFIED) & ~is_at_origin(bound)
    margins = attained * longest
    for problem in np.flatnonzero(~certain):
        margins[problem] = largest_margin(signed[problem], np.ones(signed.shape[1])).value
    return margins


def random_margins(rng: np.random.Generator, n: int, n_manifolds: int, n_features: int, radius: float) -> np.ndarray:
    """The margins of n calls of :func:`empirical.separability.largest_margin.random_margin`, (n,), by the same random numbers.

    Further parameters as there.
    """
    step = max(IN_CACHE // (2 * n_manifolds * n_features), 1)
    sizes = [min(step, n - start) for start in range(0, n, step)]
    return np.concatenate([largest_margins(_random_ends(rng, size, n_manifolds, n_features, radius)) for size in sizes])


def _random_ends(rng, n, n_manifolds, n_features, radius) -> Signed:
    vectors, labels = np.empty((n, 2, n_manifolds, n_features)), np.empty((n, n_manifolds, 1))
    for one, signs in zip(vectors, labels, strict=True):
        rng.standard_normal(out=one)
        # The numbers of ``rng.choice([-1.0, 1.0], n_manifolds)``, which takes longer than to draw them.
        signs[:, 0] = rng.integers(0, 2, n_manifolds)
    vectors *= 2 * labels[:, None] - 1
    if radius == 0:
        return vectors[:, 0]
    return points_and_balls.segment_ends(vectors[:, 0], vectors[:, 1], radius).reshape(n, 2 * n_manifolds, n_features)


def _weights(gram: np.ndarray) -> np.ndarray:
    """The weights of every problem, (n, K); not a number where they are not found."""
    found, left = np.full(gram.shape[:2], np.nan), np.arange(len(gram))
    support, system = _guessed(gram), gram + 1.0
    for _ in range(EXCHANGES):
        try:
            weights = _on_supports(system, support)
        except np.linalg.LinAlgError:
            break
        leaves, joins = weights < 0, ~support & ((system @ weights[:, :, None])[:, :, 0] < 1 - TOLERANCE)
        open_ = (leaves | joins).any(1)
        found[left[~open_]] = weights[~open_]
        if not open_.any():
            break
        support, left, system = ((support & ~leaves) | joins)[open_], left[open_], system[open_]
    return found


def _guessed(gram: np.ndarray) -> np.ndarray:
    """The supports after some steps of the accelerated projected gradient (Nesterov 1983) of a.G a / 2 - sum a, (n, K)."""
    longer = np.ones((*gram.shape[:2], 1))
    for _ in range(POWERS):
        longer = gram @ longer
        longest = np.linalg.norm(longer, axis=1, keepdims=True)
        longer /= np.where(longest > 0, longest, 1.0)
    # Where the power method ended below the largest curvature, the guess is worse.
    curvature = np.linalg.norm(gram @ longer, axis=1, keepdims=True)
    step = 1 / np.where(curvature > 0, BEYOND * curvature, 1.0)
    now = ahead = np.zeros_like(longer)
    for done in range(STEPS):
        before, now = now, np.maximum(ahead + step * (1.0 - gram @ ahead), 0.0)
        ahead = now + done / (done + 3) * (now - before)
    return now[:, :, 0] > 0


def _on_supports(system: np.ndarray, support: np.ndarray) -> np.ndarray:
    """The weights that solve the equations on each support, 0 elsewhere; the identity pads them to the largest support."""
    count, each = support.sum(1), np.arange(len(support))[:, None]
    points = np.argsort(~support, axis=1, kind="stable")[:, : max(int(count.max()), 1)]
    real = np.arange(points.shape[1]) < count[:, None]
    start = (each * system.shape[1] + points) * system.shape[1]
    square = system.reshape(-1).take(start[:, :, None] + points[:, None, :])
    problem, pad = np.nonzero(~real)
    square[problem, pad] = square[problem, :, pad] = 0.0
    square[problem, pad, pad] = 1.0
    weights = np.zeros(support.shape)
    weights[each, points] = np.linalg.solve(square, real[:, :, None].astype(float))[:, :, 0]
    return weights
