"""Linear separability of points and balls through the origin, decided by a certificate, with no theory.

Signed points z (label times point) are separable if some w has w.z > 0 for all of them. They are not separable if a convex
combination of them is the origin. Non-negative least squares finds the point of their hull that is nearest to the origin, which
is such a w or such a combination. An answer is given only after its certificate has been checked.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from empirical.separability.certificates import Uncertified, is_at_origin, is_separating

Points = np.ndarray  # (n_points, N); or manifolds of points, (P, M, N)
Labels = np.ndarray  # (n_points,) or (P,), +1 or -1
Centers = np.ndarray  # (P, N)
Axes = np.ndarray  # (P, D, N)

MAX_ROUNDS = 1000


@dataclass(frozen=True)
class Separation:
    """Whether points are separable, with the certificate of the answer.

    separable: the answer.
    direction: w, shape (N,): it separates the points if they are separable; otherwise it is the hull's nearest point to the
        origin.
    certificate: the smallest cosine between w and a signed point if they are separable; otherwise the distance from the origin
        of a convex combination of the signed points' directions.
    """

    separable: bool
    direction: np.ndarray
    certificate: float


def separate(points: Points, labels: Labels) -> Separation:
    """Whether w.(label * point) > 0 has a solution w, with the certificate of the answer.

    :param points: shape (n_points, N); or manifolds of points, shape (P, M, N).
    :param labels: +1 or -1, one per point or one per manifold, shape (n_points,) or (P,).
    :raises ValueError: points are not finite, labels are not +1 or -1, or shapes do not fit.
    :raises Uncertified: the points are within 1e-13 of the boundary, where float64 cannot decide.
    """
    direction, clearance, gap = _nearest_to_origin(signed_points(points, labels).reshape(-1, np.shape(points)[-1]))
    if is_separating(clearance):
        return Separation(True, direction, clearance)
    if is_at_origin(gap):
        return Separation(False, direction, gap)
    raise Uncertified(
        f"the hull of the points passes the origin at a relative distance of {gap:.1e}, which float64 cannot decide: neither "
        "answer can be certified; draw other points"
    )


def separate_balls(centers: Centers, axes: Axes, radius: float, labels: Labels) -> Separation:
    """Whether balls {center + R axes.s : ||s|| <= 1} are linearly separable, as an exact answer with its certificate.

    Balls are not replaced by clouds of points, but separated by cutting planes. Each round separates finitely many points of
    the balls, and then adds the worst point of every ball for the direction found. A direction that separates the worst points
    separates the balls; if a subset of points cannot be separated, the balls cannot be.

    :param centers: shape (P, N).
    :param axes: shape (P, D, N), not necessarily orthonormal.
    :param radius: R >= 0, in units of the axes.
    :param labels: +1 or -1, shape (P,).
    :raises ValueError: as in :func:`separate`; or the radius is negative or not finite.
    :raises Uncertified: as in :func:`separate`, or no answer was found in 1,000 rounds.
    """
    signed_centers = signed_points(centers, labels)
    axes, cuts = finite_axes(axes, signed_centers, radius), signed_centers
    for _ in range(MAX_ROUNDS):
        direction, _, gap = _nearest_to_origin(cuts)
        if is_at_origin(gap):
            return Separation(False, direction, gap)
        worst = _worst_points(signed_centers, axes, radius, direction)
        clearance = _clearance(worst, direction)
        if is_separating(clearance):
            return Separation(True, direction, clearance)
        cuts = np.concatenate([cuts, worst])
    raise Uncertified(
        f"balls of radius {radius:g} could be neither separated nor shown inseparable in {MAX_ROUNDS} rounds of cutting "
        "planes; change the radius or draw other balls"
    )


def separable_count(draw: Callable[[], Separation], n_draws: int) -> int:
    """The number of ``n_draws`` draws that are separable; ``draw()`` returns a :class:`Separation`."""
    return sum(draw().separable for _ in range(n_draws))


def random_balls(rng: np.random.Generator, n_manifolds: int, n_features: int, radius: float, shape_dim: int) -> Separation:
    """Whether P balls with Gaussian centres, Gaussian axes and random labels are separable, for one draw.

    At D = 0 the balls are points, at D = 1 they are segments.

    :param rng: numpy generator.
    :param n_manifolds: P.
    :param n_features: N.
    :param radius: R >= 0, in units of the axes.
    :param shape_dim: D.
    """
    centers, axes, labels = drawn_balls(rng, n_manifolds, n_features, shape_dim)
    if shape_dim == 0:
        return separate(centers, labels)
    if shape_dim == 1:
        return separate(segment_ends(centers, axes[:, 0], radius), labels)
    return separate_balls(centers, axes, radius, labels)


def drawn_balls(rng: np.random.Generator, n_manifolds: int, n_features: int, shape_dim: int) -> tuple[Centers, Axes, Labels]:
    """Gaussian centres, (P, N), Gaussian axes, (P, D, N), and random labels, (P,), for one draw."""
    labels = rng.choice([-1.0, 1.0], n_manifolds)
    centers = rng.standard_normal((n_manifolds, n_features))
    return centers, rng.standard_normal((n_manifolds, shape_dim, n_features)), labels


def segment_ends(centers: Centers, axes: Centers, radius: float) -> Points:
    """The ends of segments, center +- R axis, shape (..., P, 2, N).

    :param centers, axes: shape (P, N); or those of several draws, (n, P, N).
    """
    return np.stack([centers + radius * axes, centers - radius * axes], axis=-2)


def least_distance(points: Points) -> np.ndarray:
    """The weights of the hull's nearest point to the origin, up to their sum, shape (n_points,); without a certificate.

    Least distance by NNLS (Lawson & Hanson): min ||Z^T a||^2 + (1 - sum a)^2 over a >= 0.

    :param points: Z, shape (n_points, N).
    """
    system, target = np.ones((points.shape[1] + 1, len(points))), np.zeros(points.shape[1] + 1)
    system[:-1], target[-1] = points.T, 1.0
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
    length = np.sqrt((signed * signed).sum(1, keepdims=True))
    if not (length > 0).all():
        return np.zeros(signed.shape[1]), 0.0, 0.0
    unit = signed / length
    coefficients = least_distance(unit)
    nearest = coefficients @ unit
    gap = float(np.sqrt(nearest @ nearest) / coefficients.sum())
    clearance = _least_cosine(unit @ nearest, nearest)
    if is_separating(clearance) or is_at_origin(gap):
        return nearest, clearance, gap
    refined = nearest_of_affine_hull(unit[coefficients > 0])
    return refined, _least_cosine(unit @ refined, refined), gap


def nearest_of_affine_hull(points: Points) -> np.ndarray:
    """The nearest point of :func:`_nearest_to_origin`, without the loss of accuracy that least squares has near the origin."""
    edges, nearest = points[1:] - points[0], points[0]
    # The second time takes away what rounding has left of the edges, which may be more than a short distance itself.
    for _ in range(2):
        nearest = nearest - edges.T @ np.linalg.lstsq(edges.T, nearest, rcond=None)[0]
    return nearest


def _clearance(points, direction) -> float:
    """The smallest cosine between the direction and the points; 0 if the direction is 0."""
    lengths = np.linalg.norm(points, axis=1)
    return _least_cosine(points @ direction / lengths, direction) if np.all(lengths > 0) else 0.0


def _least_cosine(products, direction) -> float:
    """The smallest cosine, from products with unit vectors; 0 if the direction is 0."""
    size = np.sqrt(direction @ direction)
    return float(products.min() / size) if size > 0 else 0.0


def finite_axes(axes: Axes, centers: Centers, radius: float) -> Axes:
    """The axes, (..., P, D, N), of balls with these centres, (..., P, N), and this radius.

    :raises ValueError: as in :func:`separate_balls`.
    """
    axes = _finite("axes", axes)
    if not (np.isfinite(radius) and radius >= 0):
        raise ValueError(f"radius must be finite and >= 0; received {radius!r}")
    if axes.ndim != centers.ndim + 1 or (*axes.shape[:-2], axes.shape[-1]) != centers.shape:
        raise ValueError(f"axes must have shape (P, D, N), as centers (P, N) have shape {centers.shape}; received {axes.shape}")
    return axes


def signed_points(points: Points, labels: Labels) -> Points:
    """Label times point, in the shape of the points.

    :raises ValueError: as in :func:`separate`.
    """
    points, labels = _finite("points", points), np.asarray(labels, dtype=float)
    if labels.shape != points.shape[:1]:
        raise ValueError(f"labels must have shape {points.shape[:1]}, one per row of points; received {labels.shape}")
    if not (np.abs(labels) == 1).all():
        raise ValueError(f"labels must be +1 or -1; received {sorted(set(labels.tolist()))[:5]}")
    return points * labels.reshape(-1, *[1] * (points.ndim - 1))


def _finite(name, values):
    values = np.asarray(values, dtype=float)
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must be finite; received a NaN or an infinity")
    return values
