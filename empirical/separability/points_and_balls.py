"""Linearly separable through the origin, or not: decided by a certificate, with no theory.

A set of signed points z (label times point) is separable when some w has w.z > 0 for all of them, and not when the origin
is a convex combination of them. Non-negative least squares finds the nearest point of their hull to the origin, which is
such a w or such a combination; the answer is given only after the one or the other has been checked.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from empirical.separability.certificates import Uncertified, is_at_origin, is_separating

MAX_ROUNDS = 1000


@dataclass(frozen=True)
class Separation:
    """An answer with its certificate.

    separable: the answer.
    direction: w, shape (N,): separates where separable; the hull's nearest point to the origin otherwise.
    certificate: the smallest cosine between w and a signed point where separable; else how far from the origin a convex
        combination of the signed points' directions comes.
    """

    separable: bool
    direction: np.ndarray
    certificate: float


def separate(points, labels) -> Separation:
    """Decide whether w.(label * point) > 0 has a solution.

    :param points: shape (n_points, N); or manifolds of points, shape (P, M, N).
    :param labels: +1 or -1, one per point or one per manifold, shape (n_points,) or (P,).
    :raises ValueError: non-finite points, labels other than +-1, or shapes that do not fit.
    :raises Uncertified: within 1e-13 of the boundary, where float64 cannot tell.
    """
    direction, clearance, gap = _nearest_to_origin(signed_points(points, labels).reshape(-1, np.shape(points)[-1]))
    if is_separating(clearance):
        return Separation(True, direction, clearance)
    if is_at_origin(gap):
        return Separation(False, direction, gap)
    raise Uncertified(f"hull passes the origin at a relative distance of {gap:.1e}: neither answer can be certified")


def separate_balls(centers, axes, radius: float, labels) -> Separation:
    """Decide whether balls, {center + R axes.s : ||s|| <= 1}, are separable, exactly: by cutting planes, never as clouds.

    Each round separates finitely many points of the balls, then adds the worst point of every ball for the direction
    found. A direction that holds against the worst points holds against the balls; a subset that cannot be separated
    settles the other answer.

    :param centers: shape (P, N).
    :param axes: shape (P, D, N), not necessarily orthonormal.
    :param radius: R >= 0, in units of the axes.
    :param labels: +1 or -1, shape (P,).
    :raises Uncertified: as :func:`separate`, or no answer after 1,000 rounds.
    """
    signed_centers, axes = signed_points(centers, labels), _finite("axes", axes)
    if not (np.isfinite(radius) and radius >= 0):
        raise ValueError(f"radius must be finite and >= 0; received {radius!r}")
    if axes.ndim != 3 or (axes.shape[0], axes.shape[2]) != signed_centers.shape:
        raise ValueError(f"axes must have shape (P, D, N) beside centers {signed_centers.shape}; received {axes.shape}")
    cuts = signed_centers
    for _ in range(MAX_ROUNDS):
        direction, _, gap = _nearest_to_origin(cuts)
        if is_at_origin(gap):
            return Separation(False, direction, gap)
        worst = _worst_points(signed_centers, axes, radius, direction)
        clearance = _clearance(worst, direction)
        if is_separating(clearance):
            return Separation(True, direction, clearance)
        cuts = np.concatenate([cuts, worst])
    raise Uncertified(f"balls neither separated nor refuted after {MAX_ROUNDS} cutting planes (radius {radius:g})")


def separable_count(draw: Callable, n_draws: int) -> int:
    """How many of ``n_draws`` worlds are separable; ``draw()`` returns a :class:`Separation`."""
    return sum(draw().separable for _ in range(n_draws))


def random_balls(rng: np.random.Generator, n_manifolds: int, n_features: int, radius: float, shape_dim: int) -> Separation:
    """Separate P balls (points at D = 0, segments at D = 1) with Gaussian centres, axes and random labels.

    :param rng: numpy generator.
    :returns: the :class:`Separation` of one draw.
    """
    labels = rng.choice([-1.0, 1.0], n_manifolds)
    centers = rng.standard_normal((n_manifolds, n_features))
    if shape_dim == 0:
        return separate(centers, labels)
    axes = rng.standard_normal((n_manifolds, shape_dim, n_features))
    if shape_dim == 1:
        return separate(segment_ends(centers, axes[:, 0], radius), labels)
    return separate_balls(centers, axes, radius, labels)


def segment_ends(centers, axes, radius: float) -> np.ndarray:
    """The ends of segments, center +- R axis, shape (P, 2, N); centers and axes (P, N)."""
    return np.stack([centers + radius * axes, centers - radius * axes], axis=1)


def least_distance(points) -> np.ndarray:
    """Weights, up to their sum, of the point of the hull that is nearest to the origin, shape (n_points,).

    Least distance by NNLS (Lawson & Hanson): min ||Z^T a||^2 + (1 - sum a)^2 over a >= 0; without certificate.
    """
    system = np.vstack([points.T, np.ones(len(points))])
    target = np.zeros(len(system))
    target[-1] = 1.0
    return nnls(system, target)[0]


def _worst_points(signed_centers, axes, radius, direction):
    """The point of each signed ball with the smallest w.z, shape (P, N)."""
    along = axes @ direction
    norm = np.linalg.norm(along, axis=1, keepdims=True)
    unit = along / np.where(norm > 0, norm, 1.0)
    return signed_centers - radius * np.einsum("pdn,pd->pn", axes, unit)


def _nearest_to_origin(signed) -> tuple[np.ndarray, float, float]:
    """The point of the hull of the unit vectors along ``signed`` that is nearest to the origin.

    :returns: the point w, the smallest w.z / (||w|| ||z||), and the distance of a convex combination from the origin.
    """
    length = np.linalg.norm(signed, axis=1, keepdims=True)
    if not np.all(length > 0):
        return np.zeros(signed.shape[1]), 0.0, 0.0
    unit = signed / length
    coefficients = least_distance(unit)
    nearest = unit.T @ coefficients
    gap = float(np.linalg.norm(nearest) / coefficients.sum())
    clearance = _clearance(unit, nearest)
    if is_separating(clearance) or is_at_origin(gap):
        return nearest, clearance, gap
    refined = _nearest_of_affine_hull(unit[coefficients > 0])
    return refined, _clearance(unit, refined), gap


def _nearest_of_affine_hull(points):
    """The same point, once its support is known, without the squared distance that least squares loses near the origin."""
    edges, nearest = points[1:] - points[0], points[0]
    # The second time takes away what rounding has left of the edges, which may be more than a short distance itself.
    for _ in range(2):
        nearest = nearest - edges.T @ np.linalg.lstsq(edges.T, nearest, rcond=None)[0]
    return nearest


def _clearance(points, direction) -> float:
    """Smallest cosine between the direction and the points; 0 for no direction."""
    size = np.linalg.norm(direction)
    lengths = np.linalg.norm(points, axis=1)
    if size == 0 or not np.all(lengths > 0):
        return 0.0
    return float((points @ direction / lengths).min() / size)


def signed_points(points, labels) -> np.ndarray:
    """Label times point, in the shape of the points.

    :raises ValueError: as :func:`separate`.
    """
    points, labels = _finite("points", points), np.asarray(labels, dtype=float)
    if labels.shape != points.shape[:1]:
        raise ValueError(f"labels must have shape {points.shape[:1]}, one per row of points; received {labels.shape}")
    if not np.all(np.abs(labels) == 1):
        raise ValueError(f"labels must be +1 or -1; received {sorted(set(labels.tolist()))[:5]}")
    return points * labels.reshape(-1, *[1] * (points.ndim - 1))


def _finite(name, values):
    values = np.asarray(values, dtype=float)
    if not np.all(np.isfinite(values)):
        raise ValueError(f"{name} must be finite; received a NaN or an infinity")
    return values
