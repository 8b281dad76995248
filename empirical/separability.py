"""Linearly separable through the origin, or not: decided by a certificate, with no theory.

A set of signed points z (label times point) is separable when some w has w.z > 0 for all of them, and not when the origin
is a convex combination of them. Non-negative least squares finds the nearest point of their hull to the origin, which is
such a w or such a combination; the answer is given only after the one or the other has been checked.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

# Relative to the longest signed point. A Gaussian draw lands this near the boundary with a probability of that order.
TOLERANCE = 1e-9
MAX_ROUNDS = 1000


class Uncertified(ArithmeticError):
    """Neither a separating direction nor a convex combination at the origin could be certified."""


@dataclass(frozen=True)
class Separation:
    """An answer with its certificate.

    separable: the answer.
    direction: w, shape (N,): separates where separable; the hull's nearest point to the origin otherwise.
    certificate: the smallest w.z, relative, where separable; else the relative distance of a convex combination from 0.
    """

    separable: bool
    direction: np.ndarray
    certificate: float


def separate(points, labels) -> Separation:
    """Decide whether w.(label * point) > 0 has a solution.

    :param points: shape (n_points, N); or manifolds of points, shape (P, M, N).
    :param labels: +1 or -1, one per point or one per manifold, shape (n_points,) or (P,).
    :raises ValueError: non-finite points, labels other than +-1, or shapes that do not fit.
    :raises Uncertified: within 1e-9 of the boundary, where float64 cannot tell.
    """
    return _nearest_to_origin(_signed(points, labels).reshape(-1, np.shape(points)[-1]))


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
    signed_centers = _signed(centers, labels)
    axes = np.asarray(axes, dtype=float)
    cuts = signed_centers
    for _ in range(MAX_ROUNDS):
        found = _nearest_to_origin(cuts)
        if not found.separable:
            return found
        worst = _worst_points(signed_centers, axes, radius, found.direction)
        certificate = _clearance(worst, found.direction)
        if certificate > TOLERANCE:
            return Separation(True, found.direction, certificate)
        # Cuts far from the margin plane no longer bind; a separating direction keeps its tight ones.
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
        ends = np.stack([centers + radius * axes[:, 0], centers - radius * axes[:, 0]], axis=1)
        return separate(ends, labels)
    return separate_balls(centers, axes, radius, labels)


def _worst_points(signed_centers, axes, radius, direction):
    """The point of each signed ball with the smallest w.z, shape (P, N)."""
    along = axes @ direction
    norm = np.linalg.norm(along, axis=1, keepdims=True)
    unit = along / np.where(norm > 0, norm, 1.0)
    return signed_centers - radius * np.einsum("pdn,pd->pn", axes, unit)


def _nearest_to_origin(signed) -> Separation:
    """Least distance by NNLS (Lawson & Hanson): min ||Z^T a||^2 + (1 - sum a)^2 over a >= 0."""
    scale = np.linalg.norm(signed, axis=1).max()
    if scale == 0:
        return Separation(False, np.zeros(signed.shape[1]), 0.0)
    scaled = signed / scale
    system = np.vstack([scaled.T, np.ones(len(scaled))])
    target = np.zeros(len(system))
    target[-1] = 1.0
    coefficients, _ = nnls(system, target)
    nearest = scaled.T @ coefficients
    clearance = _clearance(scaled, nearest)
    if clearance > TOLERANCE:
        return Separation(True, nearest, clearance)
    gap = float(np.linalg.norm(nearest) / coefficients.sum())
    if gap <= TOLERANCE:
        return Separation(False, nearest, gap)
    raise Uncertified(f"hull passes the origin at a relative distance of {gap:.1e}, between yes and no at {TOLERANCE:.0e}")


def _clearance(signed, direction) -> float:
    """Smallest w.z over ||w|| and the longest z."""
    length = np.linalg.norm(direction) * np.linalg.norm(signed, axis=1).max()
    return float((signed @ direction).min() / length) if length > 0 else 0.0


def _signed(points, labels):
    points, labels = np.asarray(points, dtype=float), np.asarray(labels, dtype=float)
    if not np.all(np.isfinite(points)):
        raise ValueError("points must be finite; received a NaN or an infinity")
    if labels.shape != points.shape[:1]:
        raise ValueError(f"labels must have shape {points.shape[:1]}, one per row of points; received {labels.shape}")
    if not np.all(np.abs(labels) == 1):
        raise ValueError(f"labels must be +1 or -1; received {sorted(set(labels.tolist()))[:5]}")
    return points * labels.reshape(-1, *[1] * (points.ndim - 1))
