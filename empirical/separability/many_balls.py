"""Separability of balls in many small problems at once, by cutting planes.

The rounds are those of :func:`empirical.separability.points_and_balls.separate_balls`. All problems go through a round
together, because for a few balls numpy takes longer to be called than to compute; only weights are found one hull at a time.
"""

from collections.abc import Callable

import numpy as np

from empirical.separability import points_and_balls
from empirical.separability.certificates import Uncertified, is_at_origin, is_separating
from empirical.separability.points_and_balls import MAX_ROUNDS

Signed = np.ndarray  # label times centre, (n, P, N)
Axes = np.ndarray  # (n, P, D, N)
# Draws in memory at a time, where a function makes them.
TOGETHER = 500


def separable(centers: np.ndarray, axes: Axes, radius: float, labels: np.ndarray) -> np.ndarray:
    """Whether balls {center + R axes.s : ||s|| <= 1} are linearly separable, in each of n problems, (n,), with certificates.

    :param centers: shape (n, P, N). :param axes: shape (n, P, D, N), not necessarily orthonormal.
    :param radius: R >= 0, in units of the axes. :param labels: +1 or -1, shape (n, P).
    :raises ValueError, Uncertified: as in :func:`empirical.separability.points_and_balls.separate_balls`.
    """
    shape = np.shape(centers)
    signed = points_and_balls.signed_points(np.reshape(centers, (-1, shape[-1])), np.reshape(labels, -1)).reshape(shape)
    axes = points_and_balls.finite_axes(axes, signed, radius)
    found, left, cuts = np.zeros(len(signed), dtype=bool), np.arange(len(signed)), signed
    for _ in range(MAX_ROUNDS):
        if not len(left):
            break
        direction, gap = _nearest_to_origin(cuts)
        worst = _worst_points(signed[left], axes[left], radius, direction)
        # Balls whose cuts surround the origin have no direction, whatever rounding has left of it.
        apart, around = is_separating(_clearances(worst, direction)), is_at_origin(gap)
        found[left[apart & ~around]], going = True, ~(apart | around)
        left, cuts = left[going], np.concatenate([cuts[going], worst[going]], axis=1)
    if len(left):
        raise Uncertified(
            f"balls of radius {radius:g} could be neither separated nor shown inseparable in {MAX_ROUNDS} rounds of cutting "
            f"planes, in {len(left)} of {len(found)} problems; change the radius or draw other balls"
        )
    return found


def separable_draws(draw: Callable[[], tuple[np.ndarray, np.ndarray, np.ndarray]], n_draws: int, radius: float) -> np.ndarray:
    """As :func:`separable`, (n,), for n draws, of which few are in memory at a time; errors as there.

    :param draw: returns centres, (P, N), axes, (P, D, N), and labels, (P,).
    """
    found = []
    for start in range(0, n_draws, TOGETHER):
        drawn = [draw() for _ in range(min(TOGETHER, n_draws - start))]
        centers, axes, labels = (np.stack(parts) for parts in zip(*drawn, strict=True))
        found.append(separable(centers, axes, radius, labels))
    return np.concatenate(found)


def _nearest_to_origin(cuts: Signed) -> tuple[np.ndarray, np.ndarray]:
    """The point of each hull of directions that is nearest to the origin, (n, N), and its distance, (n,)."""
    length = np.sqrt(np.einsum("nkf,nkf->nk", cuts, cuts))
    unit = cuts / np.where(length > 0, length, 1.0)[:, :, None]
    weights = np.array([points_and_balls.least_distance(one) for one in unit])
    # A point at the origin is the nearest one.
    weights = np.where((length > 0).all(1)[:, None], weights, length == 0)
    nearest = (weights[:, None, :] @ unit)[:, 0]
    gap = np.linalg.norm(nearest, axis=1) / weights.sum(1)
    unclear = ~(is_separating(_clearances(unit, nearest)) | is_at_origin(gap))
    for which in np.flatnonzero(unclear):
        nearest[which] = points_and_balls.nearest_of_affine_hull(unit[which][weights[which] > 0])
    return nearest, gap


def _worst_points(signed: Signed, axes: Axes, radius: float, direction: np.ndarray) -> np.ndarray:
    """The point of each signed ball with the smallest w.z, (n, P, N)."""
    along = (axes @ direction[:, None, :, None])[..., 0]
    norm = np.linalg.norm(along, axis=2, keepdims=True)
    return signed - radius * ((along / np.where(norm > 0, norm, 1.0))[:, :, None, :] @ axes)[:, :, 0]


def _clearances(points: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """The smallest cosine between each direction and its points, (n,); 0 if one of them is 0."""
    lengths = np.linalg.norm(points, axis=2)
    sizes = np.linalg.norm(direction, axis=1)
    known = (lengths > 0).all(1) & (sizes > 0)
    products = (points @ direction[:, :, None])[:, :, 0] / np.where(lengths > 0, lengths, 1.0)
    return np.where(known, products.min(1) / np.where(known, sizes, 1.0), 0.0)
