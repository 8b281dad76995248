"""The largest margin at which points are linearly separable through the origin, with a duality certificate and no theory."""

from dataclasses import dataclass

import numpy as np

from empirical.separability.certificates import Uncertified, is_at_origin
from empirical.separability.points_and_balls import Labels, Points, least_distance, segment_ends, signed_points

# Largest difference between the two bounds, relative to the longest point.
CERTIFIED = 1e-10


@dataclass(frozen=True)
class Margin:
    """The largest margin, with the certificates on both sides of it.

    value: max over unit w of min w.(label * point), in the units of the points, attained by ``direction``; 0 where the points
        are not separable.
    direction: w, a unit vector, shape (N,); 0 where the points are not separable.
    gap: a convex combination of the signed points is value + gap from the origin, so that no unit w has a larger margin.
    supporting: whether a point or manifold has a part in this combination, shape (n_points,) or (P,): it is at the margin. None
        is where the points are not separable.
    """

    value: float
    direction: np.ndarray
    gap: float
    supporting: np.ndarray


def largest_margin(points: Points, labels: Labels) -> Margin:
    """The largest margin of labelled points: the distance from the origin to the hull of the signed points.

    For components of unit variance this is the standardized margin: y w.x / sqrt(N) with ||w||^2 = N.

    :param points: shape (n_points, N); or manifolds of points, shape (P, M, N).
    :param labels: +1 or -1, one per point or one per manifold, shape (n_points,) or (P,).
    :raises ValueError: as in :func:`empirical.separability.points_and_balls.separate`.
    :raises Uncertified: the two bounds differ by more than 1e-10 of the longest point.
    """
    signed = signed_points(points, labels).reshape(-1, np.shape(points)[-1])
    longest = float(np.linalg.norm(signed, axis=1).max())
    scaled = signed / (longest or 1.0)
    weights = least_distance(scaled)
    nearest = scaled.T @ weights / weights.sum()
    bound = float(np.linalg.norm(nearest))
    if is_at_origin(bound):
        return Margin(0.0, np.zeros_like(nearest), bound * longest, np.zeros(len(labels), dtype=bool))
    attained = float((scaled @ nearest).min()) / bound
    if bound - attained > CERTIFIED:
        raise Uncertified(
            f"the margin between {attained * longest:.9g} and {bound * longest:.9g} is not certified: the bounds differ by "
            f"more than {CERTIFIED:g} of the longest point; draw other points"
        )
    supporting = np.any(weights.reshape(len(labels), -1) > 0, axis=1)
    return Margin(attained * longest, nearest / bound, (bound - attained) * longest, supporting)


def random_margin(rng: np.random.Generator, n_manifolds: int, n_features: int, radius: float) -> float:
    """The largest margin of P segments with Gaussian centres, Gaussian axes and random labels; at R = 0 they are points.

    :param n_manifolds: P.
    :param n_features: N.
    :param radius: R, half the length of a segment in units of its axis.
    """
    return _of_random_segments(rng, n_manifolds, n_features, radius).value


def random_support(rng: np.random.Generator, n_manifolds: int, n_features: int, radius: float) -> float:
    """The share of such segments that are at the margin, for one draw; 0 where the segments are not separable.

    The parameters are those of :func:`random_margin`.
    """
    return float(_of_random_segments(rng, n_manifolds, n_features, radius).supporting.mean())


def _of_random_segments(rng, n_manifolds, n_features, radius):
    centers, axes = rng.standard_normal((2, n_manifolds, n_features))
    return largest_margin(segment_ends(centers, axes, radius), rng.choice([-1.0, 1.0], n_manifolds))
