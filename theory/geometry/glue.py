"""Effective geometry (GLUE, Chou et al. 2025): capacity, dimension, radius and alignments of manifolds from joint anchors."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theory.geometry import joint_anchors
from theory.geometry.clouds.blocks import require_real
from theory.geometry.clouds.masked import is_masked, without_masked
from theory.numerics.estimate import Estimate, standard_error
from theory.numerics.validation import require_count

# Below this share of separable dichotomies, capacity is called an upper bound.
MOST_SEPARABLE = 0.95
CONVENTIONS = ("overlap", "cosine")
Centers = np.ndarray  # s_0, (P, N)
Axes = np.ndarray  # s_1 = s - s_0, (n, P, N)


def alignments(center: Centers, axes: Axes, convention: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Alignments between centres, between axes, and between centres and axes, averaged over pairs of different manifolds.

    Source: Chou et al. 2025. "overlap" is Definition B.6: absolute inner products, in squared units of the clouds. "cosine" is
    Algorithm 2: signed inner products divided by both norms (0 for a vector that is 0).

    :param center: s_0, (P, N), P >= 2. :param axes: s_1 = s - s_0, (n, P, N). :param convention: "overlap" or "cosine".
    :returns: by name ("center", "axis", "center_axis"), two arrays: the value in every draw, (n,), which is constant for
        "center"; and the slope of the mean value with respect to s_0, (P, N). The slope gives a standard error that includes
        the error of s_0, which is a mean over draws.
    """
    # The sign says how a row changes with s_0.
    centers, offsets = (np.broadcast_to(center, axes.shape), 1.0), (axes, -1.0)
    pairs = {"center": (centers, centers), "axis": (offsets, offsets), "center_axis": (centers, offsets)}
    return {name: _over_pairs(*rows, *columns, convention == "cosine") for name, (rows, columns) in pairs.items()}


def _over_pairs(one, one_sign, other, other_sign, cosine: bool) -> tuple[np.ndarray, np.ndarray]:
    """The mean of one^mu . other^nu over pairs mu != nu, in every draw, and its slope with respect to the centres."""
    n_manifolds = one.shape[1]
    (x, x_length), (y, y_length) = (_units(rows) if cosine else (rows, 1.0) for rows in (one, other))
    inner = x @ y.swapaxes(1, 2)
    pairs = (1 - np.eye(n_manifolds)) / (n_manifolds * (n_manifolds - 1))
    weights = pairs * (1.0 if cosine else np.sign(inner))
    along_x, along_y = weights @ y, weights.swapaxes(-1, -2) @ x
    if cosine:
        along_x, along_y = _across(along_x, x) / x_length, _across(along_y, y) / y_length
    return (weights * inner).sum((1, 2)), (one_sign * along_x + other_sign * along_y).mean(0)


def _units(rows):
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    length = np.where(length > 0, length, 1.0)
    return rows / length, length


def _across(slope, units):
    """The part of a slope that turns a unit vector without changing its length."""
    return slope - (slope * units).sum(-1, keepdims=True) * units


@dataclass(frozen=True)
class EffectiveGeometry:
    """Effective geometry of P manifolds at margin 0; each field but the last two is an estimate over draws.

    capacity: manifolds per feature; P / capacity is the mean number of features at which a random dichotomy becomes separable.
    dimension: D_eff. radius: R_eff, in units of the centres' part.
    utility: Psi_eff; the utility of a sample may exceed 1.
    center_overlap, axis_overlap, center_axis_overlap: Definition B.6, absolute inner products, in squared units of the clouds.
    center_cosine, axis_cosine, center_axis_cosine: Algorithm 2, signed inner products divided by both norms.
    separable: share of the dichotomies that are separable in the clouds' features, 0..1. Where it is below 1, P / capacity
        saturates at the number of features, and capacity is an upper bound.
    kkt_residual: the worst relative violation of the optimality conditions over all solves.
    """

    capacity: Estimate
    dimension: Estimate
    radius: Estimate
    utility: Estimate
    center_overlap: Estimate
    axis_overlap: Estimate
    center_axis_overlap: Estimate
    center_cosine: Estimate
    axis_cosine: Estimate
    center_axis_cosine: Estimate
    separable: float
    kkt_residual: float


def effective_geometry(
    clouds: Sequence[np.ndarray] | np.ndarray, n_draws: int = 100, seed: int = 0, *, center_mean: bool = False
) -> EffectiveGeometry:
    """The effective geometry of clouds at margin 0, with standard errors over draws.

    Source: Chou et al. 2025 (arXiv 2503.18114), Definition B.6 and Algorithm 2.

    Errors: the standard errors cover the average over draws for these clouds, including the error of the centres (delta
    method). They do not cover the choice of points, nor the bias of order 1 / n_draws from centres that are estimated on the
    draws that they are used with.

    Results depend on inner products only, and the part of t outside the span of the points changes nothing. Clouds are
    therefore reduced to their rank first, by QR rather than by their Gram matrix. Memory: the points twice, and a few times
    n_draws P min(N, sum M_i) numbers.

    :param clouds: (P, M, N), or a list of (M_i, N) arrays; P >= 2.
    :param n_draws: number of draws of the pair (t, y), at least 2. :param seed: of the draws.
    :param center_mean: subtract the mean of all points first. Equal labels for all manifolds are then drawn again, because no
        plane through the mean separates them. The default False follows the paper, whose centres are relative to the origin.
    :raises ValueError: clouds that are not finite, not of one width, empty or fewer than two; or no draw reached the cone.
    :raises theory.numerics.certificate.Uncertified: a solve without a certificate; the error names the draw.
    """
    require_count("n_draws", n_draws, 2)
    own = _own_coordinates(_checked(clouds), center_mean)
    rng = np.random.default_rng(seed)
    probes = rng.standard_normal((n_draws, own[0].shape[1]))
    labels = _labels(rng, n_draws, len(own), center_mean)
    found = joint_anchors.joint_anchors(own, probes, labels)
    center = found.anchors.mean(0)
    axes = found.anchors - center
    b, c = (_linear(values, slope, axes) for values, slope in _spans(center, axes, probes, labels))
    estimates = _sizes(found.overlap, b, c, len(own))
    for convention in CONVENTIONS:
        for name, (values, slope) in alignments(center, axes, convention).items():
            estimates[f"{name}_{convention}"] = _estimate(values.mean(), _linear(values, slope, axes))
    separable = float(found.separable.mean())
    if separable < MOST_SEPARABLE:
        warnings.warn(
            f"{found.separable.sum()} of {n_draws} dichotomies are separable in {own[0].shape[1]} features, so that capacity "
            "is an upper bound: use more features, or fewer manifolds",
            stacklevel=2,
        )
    return EffectiveGeometry(**estimates, separable=separable, kkt_residual=found.kkt_residual)


def _labels(rng, n_draws: int, n_manifolds: int, proper: bool) -> np.ndarray:
    """Labels of every draw, (n_draws, P); with ``proper``, rows of equal labels are drawn again."""
    labels = rng.choice([-1.0, 1.0], (n_draws, n_manifolds))
    while proper and len(equal := np.flatnonzero(np.abs(labels.sum(1)) == n_manifolds)):
        labels[equal] = rng.choice([-1.0, 1.0], (len(equal), n_manifolds))
    return labels


def _spans(center, axes, probes, labels):
    """b and c in every draw, (n,), each with the slope of its mean with respect to the centres, (P, N)."""
    signs = labels[..., None]
    fixed, moving = signs * center, signs * axes
    along = moving @ probes[..., None]
    own = _solved(moving, along)
    both = _solved(np.concatenate([fixed, moving], axis=2), along)
    # For the solution w, db = 2 w . dS_1 (t - S_1^T w), and likewise for c; dS_1 = -dS_0.
    left = probes[:, None] - own.swapaxes(1, 2) @ moving
    shared = probes[:, None] - both.swapaxes(1, 2) @ (moving - fixed)
    b, c = ((along * weights).sum((1, 2)) for weights in (own, both))
    return (b, -2 * (signs * own * left).mean(0)), (c, -2 * (signs * both * shared).mean(0))


def _solved(rows, along):
    """w = (X X^T)^+ u, (n, P, 1). Rows are scaled to length 1, so that the numerical rank is free of their units."""
    length = np.linalg.norm(rows, axis=2, keepdims=True)
    length = np.where(length > 0, length, 1.0)
    units = rows / length
    cutoff = 100 * rows.shape[1] * np.finfo(float).eps
    return np.linalg.pinv(units @ units.swapaxes(1, 2), rcond=cutoff, hermitian=True) @ (along / length) / length


def _linear(values, slope, axes):
    """Observations, (n,), whose mean varies as the estimate does: they include how each draw moves the centres."""
    return values + (slope * axes).sum((1, 2))


def _sizes(a, b, c, n_manifolds: int) -> dict[str, Estimate]:
    """Capacity, dimension, radius and utility; standard errors by the delta method."""
    over_a, over_b, over_c, rest = a.mean(), b.mean(), c.mean(), (b - c).mean()
    if not (over_a > 0 and over_b > 0):
        cause = "no probe reached the joint cone" if over_a <= 0 else "no anchor ever varied"
        raise ValueError(f"{cause} in {len(a)} draws, so nothing can be estimated: raise n_draws")
    # Centres at the origin contribute nothing, and the radius is unbounded.
    radius = np.sqrt(over_c / rest) if rest > 0 else np.inf
    relative = c / over_c - (b - c) / rest if rest > 0 else np.full_like(c, np.nan)
    return {
        "capacity": _estimate(n_manifolds / over_a, n_manifolds * a / over_a**2),
        "dimension": _estimate(over_b / n_manifolds, b / n_manifolds),
        "radius": _estimate(radius, radius / 2 * relative),
        "utility": _estimate(over_c / over_a, over_c / over_a * (c / over_c - a / over_a)),
    }


def _estimate(value, observations) -> Estimate:
    return Estimate(float(value), standard_error(observations), len(observations))


def _own_coordinates(clouds: list[np.ndarray], center_mean: bool) -> list[np.ndarray]:
    """The clouds in coordinates of an orthonormal basis of their span, (M_i, at most their rank).

    Where the points are linearly independent, the coordinates do not change when the clouds are rotated.
    """
    points = np.concatenate(clouds)
    if center_mean:
        points = points - points.mean(0)
    triangle = np.linalg.qr(points.T, mode="r")
    signs = np.where(np.diag(triangle) < 0, -1.0, 1.0)[:, None]
    return np.split((signs * triangle).T, np.cumsum([len(cloud) for cloud in clouds])[:-1])


def _checked(clouds) -> list[np.ndarray]:
    given = [np.asarray(cloud) for cloud in (without_masked(clouds) if is_masked(clouds) else clouds)]
    for index, cloud in enumerate(given):
        require_real(cloud, f"manifold {index}")
    clouds = [cloud.astype(float, copy=False) for cloud in given]
    for index, cloud in enumerate(clouds):
        if cloud.ndim != 2 or not cloud.size:
            raise ValueError(f"manifold {index} must be (points, features), neither of them 0; received shape {cloud.shape}")
        if not np.all(np.isfinite(cloud)):
            raise ValueError(
                f"manifold {index} must be finite; it has {np.sum(~np.isfinite(cloud))} NaN or infinite entries: leave them out"
            )
    if len(clouds) < 2 or len({cloud.shape[1] for cloud in clouds}) != 1:
        raise ValueError(f"clouds must be two or more, of one width; received widths {[c.shape[1] for c in clouds]}")
    return clouds
