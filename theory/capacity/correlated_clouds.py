"""Capacity of Gaussian manifolds whose centres and axes have an arbitrary covariance: Wakhloo, Sussman & Chung 2023.

Manifold mu consists of the points sum_i S_i u^mu_i, where S are coordinates and the last coordinate is that of the centre. In
every feature, independently, the P (D + 1) vectors u^mu_i are jointly Gaussian with covariance C = L L^T. Therefore
u^mu_i = sum_a L_(mu i),a g_a with standard Gaussian g_a. A readout w has the fields w.u^mu_i = (L V)^mu_i with V_a = w.g_a,
where V has as many entries as L has columns. Any L with L L^T = C gives the capacity, because T may be rotated. With y uniform
in {+1, -1}^P,

    1/capacity = (1/P) E_{T,y} min ||V - T||^2   over   y_mu sum_i S_i (L V)^mu_i >= kappa for all points S of all manifolds mu.

The optimality conditions are V - T = L^T q, q^mu_i = y_mu sum_S lambda_S S_i with lambda >= 0; q^mu is the signed anchor of mu
up to a factor. Therefore

    ||V - T||^2 = sum_{mu i, nu j} q^mu_i C^{mu i}_{nu j} q^nu_j.

The sum has a part of individual manifolds (mu = nu), and parts of pairs of manifolds: through centres (i and j are both last),
through axes (neither is last), and through a centre and an axis. At margin 0 the minimum is that of
:mod:`theory.geometry.joint_anchors` for the points S L, and P / capacity + 1/2 is the mean least number of features at which a
random dichotomy is separable, at every P.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import nnls

from theory.numerics.certificate import Uncertified, certify
from theory.numerics.estimate import Estimate, mean_of
from theory.numerics.validation import require, require_count, require_finite

# Smallest squared distance of the least-distance problem; it is 0 where there is no solution and 1 where nothing moves.
UNREACHABLE = 1e-12
Covariance = ArrayLike  # C, (P, D + 1, P, D + 1)
Clouds = Sequence[ArrayLike] | np.ndarray  # S, (P, M, D + 1), or P arrays (M_mu, D + 1)


@dataclass(frozen=True)
class CorrelatedCapacity:
    """The capacity of correlated manifolds and the parts of 1/capacity; standard errors are over draws of T and y.

    capacity: manifolds per feature.
    parts: "individual", "center_center", "axis_axis" and "center_axis", which sum to 1/capacity.
    kkt_residual: the worst relative violation of the optimality conditions over all solves.
    """

    capacity: Estimate
    parts: dict[str, Estimate]
    kkt_residual: float


def correlated_capacity(
    covariance: Covariance, clouds: Clouds, margin: float = 0.0, n_draws: int = 300, seed: int = 0
) -> CorrelatedCapacity:
    """The capacity of point clouds whose Gaussian centres and axes have a given covariance.

    Source: Wakhloo et al. 2023, the capacity and its decomposition; the signs are those of V.S >= kappa. The covariance may
    have less than full rank: L has as many columns as its rank.

    Cost: n_draws times a non-negative least squares problem of all points in P (D + 1) features. In 2 dimensions a draw takes
    4 ms for 40 manifolds of 10 points, and 75 ms for 100 manifolds of 20 points. Memory: (P M + n_draws) x P (D + 1) numbers.

    :param covariance: C, (P, D + 1, P, D + 1), symmetric, positive semidefinite; the last index of D + 1 is the centre.
    :param clouds: coordinates S, (P, M, D + 1) or a list of (M_mu, D + 1) arrays; the last coordinate usually is 1.
    :param margin: kappa, in the units of C; standardized where centres have variance 1.
    :param n_draws: number of draws of the pair (T, y), at least 2. :param seed: of the draws.
    :raises ValueError: shapes that disagree, a covariance that is not positive semidefinite, or a margin that is out of reach.
    :raises theory.numerics.certificate.Uncertified: a solve without a certificate; the error names the draw.
    """
    require_count("n_draws", n_draws, 2)
    require_finite("margin", margin)
    covariance, clouds, factor = _checked(covariance, clouds)
    n_draws, size, rng = int(n_draws), len(clouds), np.random.default_rng(seed)
    points = np.concatenate([cloud @ factor[mu] for mu, cloud in enumerate(clouds)])
    drawn = [(rng.choice([-1.0, 1.0], size), rng.standard_normal(factor.shape[2])) for _ in range(n_draws)]
    signs, probes = (np.stack(parts) for parts in zip(*drawn, strict=True))
    duals, moved, worst = _certified(points, np.repeat(signs, [len(cloud) for cloud in clouds], axis=1), probes, float(margin))
    pulls = signs[:, :, None] * _per_manifold(clouds, duals)
    parts = {name: mean_of(values / size) for name, values in _parts(covariance, pulls).items()}
    return CorrelatedCapacity(_inverse(mean_of(moved / size)), parts, worst)


def _parts(covariance: np.ndarray, pulls: np.ndarray) -> dict[str, np.ndarray]:
    """The parts of q C q by name, (n,) each. :param pulls: q, (n, P, D + 1)."""
    size, dim = covariance.shape[:2]
    same = np.eye(size, dtype=bool)[:, None, :, None]
    own, other = np.where(same, covariance, 0.0), np.where(same, 0.0, covariance)
    center = pulls * (np.arange(dim) == dim - 1)
    axes = pulls - center

    def coupled(one, matrix, another):
        one, another = (part.reshape(len(part), -1) for part in (one, another))
        return np.sum((one @ matrix.reshape(size * dim, -1)) * another, axis=1)

    return {
        "individual": coupled(pulls, own, pulls),
        "center_center": coupled(center, other, center),
        "axis_axis": coupled(axes, other, axes),
        "center_axis": 2 * coupled(center, other, axes),
    }


def _certified(
    points: np.ndarray, signs: np.ndarray, probes: np.ndarray, margin: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """Duals lambda >= 0 of the signed points, (n, K), with V = T + sum_i lambda_i z_i; ||V - T||^2, (n,); the worst residual.

    :param points: (K, N). :param signs: of the points in every draw, (n, K). :param probes: T, (n, N).
    """
    length = np.linalg.norm(points, axis=1)
    length = np.where(length > 0, length, 1.0)
    units = points / length[:, None]
    lacking = margin / length - signs * (probes @ units.T)
    scale = np.maximum(np.linalg.norm(probes, axis=1), np.abs(lacking).max(axis=1))[:, None]
    problems = enumerate(zip(signs, lacking / scale, strict=True))
    duals = scale * np.stack([_least_distance(units, *problem, margin, draw) for draw, problem in problems])
    steps = (signs * duals) @ units
    worst = _violation(
        signs * (steps @ units.T) - lacking, duals, np.maximum(scale[:, 0], np.linalg.norm(steps, axis=1)), points
    )
    return duals / length, np.sum(steps**2, axis=1), worst


def _least_distance(units: np.ndarray, signs: np.ndarray, lacking: np.ndarray, margin: float, draw: int) -> np.ndarray:
    """The multipliers of the shortest x with Z x >= h, (K,), for the signed points Z and what they lack, h.

    They are found as Lawson & Hanson's least-distance problem: the u >= 0 for which (Z, h)^T u is nearest to (0, 1). The
    remainder r gives x = r_1 / -r_2; r is 0 where no x satisfies the constraints.
    """
    target = np.zeros(units.shape[1] + 1)
    target[-1] = 1.0
    try:
        found = nnls(np.vstack([signs * units.T, lacking]), target)[0]
    except RuntimeError as error:
        problem = f"{len(units)} points, margin {margin:g}"
        raise Uncertified(f"draw {draw}: no solution for {problem} ({error}). Leave out points that nearly coincide") from error
    left = 1 - found @ lacking
    if left < UNREACHABLE:
        raise ValueError(
            f"margin {margin:g} is out of reach in draw {draw}: the dichotomy is not separable in all {units.shape[1]} "
            "dimensions of the covariance, so the capacity is 0. Lower the margin, or pass fewer points"
        )
    return found / left


def _violation(slack: np.ndarray, duals: np.ndarray, size: np.ndarray, points: np.ndarray) -> float:
    """The worst relative violation of the optimality conditions slack >= 0 and duals . slack = 0 (the duality gap)."""
    residual = np.maximum(-slack.min(axis=1) / size, np.abs(np.sum(duals * slack, axis=1)) / size**2)
    draw = int(np.argmax(residual))
    certify(residual[draw], lambda: f"draw {draw}, {points.shape[0]} points in {points.shape[1]} features")
    return max(float(residual[draw]), 0.0)


def _checked(covariance, clouds) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
    """The covariance, the clouds as a list of arrays, and L, (P, D + 1, rank)."""
    covariance, clouds = np.asarray(covariance, dtype=float), [np.asarray(cloud, dtype=float) for cloud in clouds]
    shape, size = covariance.shape, len(clouds)
    fits = covariance.ndim == 4 and shape[:2] == shape[2:] and shape[0] == size and covariance.size > 0
    require(fits, "covariance", shape, f"of shape (P, D + 1, P, D + 1) with P = {size} clouds")
    for index, cloud in enumerate(clouds):
        fits = cloud.ndim == 2 and cloud.size > 0 and cloud.shape[1] == shape[1]
        require(fits, f"clouds[{index}]", cloud.shape, f"of shape (M, {shape[1]}), M > 0")
        require_finite(f"clouds[{index}]", cloud)
    return covariance, clouds, factor_of(covariance)


def factor_of(covariance: Covariance) -> np.ndarray:
    """L with C = L L^T, (P, D + 1, rank of C), from the eigenvectors of C.

    :param covariance: C, (P, D + 1, P, D + 1).
    :raises ValueError: C is not finite, not symmetric or 0, or an eigenvalue is negative by more than rounding.
    """
    covariance = np.asarray(covariance, dtype=float)
    require_finite("covariance", covariance)
    matrix = covariance.reshape(covariance.shape[0] * covariance.shape[1], -1)
    require(
        np.abs(matrix - matrix.T).max() <= 1e-12 * np.abs(matrix).max(),
        "covariance",
        "one that is not",
        "symmetric: average it with its transpose",
    )
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    rounding = 16 * len(values) * np.finfo(float).eps * values[-1]
    words = f"eigenvalues from {values[0]:.3g} to {values[-1]:.3g}"
    require(values[-1] > 0 and values[0] >= -rounding, "covariance", words, "positive semidefinite, and not 0")
    kept = values > rounding
    return (vectors[:, kept] * np.sqrt(values[kept])).reshape(*covariance.shape[:2], -1)


def _per_manifold(clouds, duals) -> np.ndarray:
    """The sum of lambda_S S over the points of every manifold, (n, P, D + 1)."""
    ends = np.cumsum([len(cloud) for cloud in clouds])[:-1]
    return np.stack([own @ cloud for own, cloud in zip(np.split(duals, ends, axis=1), clouds, strict=True)], axis=1)


def _inverse(displacement: Estimate) -> Estimate:
    """The capacity from the mean displacement per manifold, with its standard error by the delta method."""
    if displacement.value == 0:
        raise ValueError(
            f"none of {displacement.n} draws was moved, so the capacity cannot be estimated: raise n_draws or the margin"
        )
    return Estimate(1 / displacement.value, displacement.se / displacement.value**2, displacement.n)
