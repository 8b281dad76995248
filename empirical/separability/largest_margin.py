"""The largest margin at which points are separable through the origin, with a duality certificate and no theory."""

from dataclasses import dataclass

import numpy as np

from empirical.separability.certificates import Uncertified, is_at_origin
from empirical.separability.points_and_balls import least_distance, segment_ends, signed_points

# Relative to the longest point: what least squares may leave between the two bounds.
CERTIFIED = 1e-10


@dataclass(frozen=True)
class Margin:
    """A margin between its two certificates.

    value: max over unit w of min w.(label * point), in the points' own units, attained by ``direction``; 0 where they are
        not separable.
    direction: w, shape (N,), a unit vector; 0 where they are not separable.
    gap: a convex combination of the signed points is value + gap from the origin, so that no unit w reaches further.
    supporting: the points, or the manifolds, with a part in that combination, shape (n_points,) or (P,): those w rests on, at
        the margin; none where they are not separable.
    """

    value: float
    direction: np.ndarray
    gap: float
    supporting: np.ndarray


def largest_margin(points, labels) -> Margin:
    """The largest margin: the distance from the origin of the hull of the signed points.

    For components of unit variance it is the standardized margin: y w.x / sqrt(N) with ||w||^2 = N.

    :param points: shape (n_points, N); or manifolds of points, shape (P, M, N).
    :param labels: +1 or -1, one per point or one per manifold, shape (n_points,) or (P,).
    :raises ValueError: as :func:`empirical.separability.points_and_balls.separate`.
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
        raise Uncertified(f"margin between {attained * longest:.9g} and {bound * longest:.9g}: not certified")
    supporting = np.any(weights.reshape(len(labels), -1) > 0, axis=1)
    return Margin(attained * longest, nearest / bound, (bound - attained) * longest, supporting)


def random_margin(rng: np.random.Generator, n_manifolds: int, n_features: int, radius: float) -> float:
    """The largest margin of P segments (points at R = 0) with Gaussian centres, axes and random labels in N features."""
    return _of_random_segments(rng, n_manifolds, n_features, radius).value


def random_support(rng: np.random.Generator, n_manifolds: int, n_features: int, radius: float) -> float:
    """The share of such segments that the solution of largest margin rests on; 0 where they are not separable."""
    return float(_of_random_segments(rng, n_manifolds, n_features, radius).supporting.mean())


def _of_random_segments(rng, n_manifolds, n_features, radius):
    centers, axes = rng.standard_normal((2, n_manifolds, n_features))
    return largest_margin(segment_ends(centers, axes, radius), rng.choice([-1.0, 1.0], n_manifolds))
