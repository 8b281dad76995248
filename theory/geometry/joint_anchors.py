"""The joint inner problem at margin 0: all manifolds at once, for given labels, with a certificate for each solve.

Let v be the point nearest to a probe t with y_mu z.v <= 0 for every point z of every manifold mu. Moreau's decomposition
splits t into v and the projection of t on the cone that the signed points y_mu z generate. Non-negative least squares on the
rows of G, the signed points, finds that projection:

    lambda = argmin_{lambda >= 0} ||G^T lambda - t||,   s^mu = sum_i lambda_i z_i / sum_i lambda_i over manifold mu's points.

The optimality conditions are G (t - G^T lambda) <= 0 and lambda . G (t - G^T lambda) = 0. The second condition means that
t . G^T lambda = ||G^T lambda||^2: the squared length of the projection equals its product with the probe.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from theory.numerics.certificate import Uncertified, certify
from theory.numerics.signed_least_squares import signed_least_squares

Cloud = np.ndarray  # (M_i, N)
Probes = np.ndarray  # t, (n, N)
Labels = np.ndarray  # y, (n, P), +1 or -1
# A probe of which less than this share of its length is left outside the cone lies inside.
INSIDE = 1e-6
# With so few numbers in the points, scipy's solver is the faster one.
FEW_NUMBERS = 200_000


@dataclass(frozen=True)
class JointAnchors:
    """Joint anchors of n probes on P manifolds.

    anchors: s^mu, unsigned, (n, P, N); a row of zeros where all duals of the manifold vanish.
    overlap: t . G^T lambda, the squared length of the projection on the joint cone, (n,).
    inside: whether the probe lies inside the joint cone, (n,). Its dichotomy is not separable in N features.
    kkt_residual: the worst relative violation of the optimality conditions.
    """

    anchors: np.ndarray
    overlap: np.ndarray
    inside: np.ndarray
    kkt_residual: float


def joint_anchors(clouds: Sequence[Cloud], probes: Probes, labels: Labels) -> JointAnchors:
    """The anchors of every probe on every manifold, from its projection on the cone of all signed points.

    Source: Chou et al. 2025 (GLUE), the anchor points at margin 0. Memory: the points twice, their K K inner products for K
    points in all, and n P N numbers for the anchors.

    :param clouds: P arrays, (M_i, N). :param probes: t, (n, N). :param labels: y, +1 or -1, (n, P).
    :raises theory.numerics.certificate.Uncertified: a residual above 1e-9; the error names the draw.
    """
    points, sizes = np.concatenate(clouds), [len(cloud) for cloud in clouds]
    length = np.linalg.norm(points, axis=1)
    length = np.where(length > 0, length, 1.0)
    # The rows have length 1: the cone does not depend on the length of a generator, and tolerances do.
    units = points / length[:, None]
    gram, starts = units @ units.T, np.cumsum([0, *sizes[:-1]])
    anchors = np.zeros((len(probes), len(sizes), points.shape[1]))
    left, overlap, worst = np.zeros(len(probes)), np.zeros(len(probes)), 0.0
    for draw, (probe, signs) in enumerate(zip(probes, np.repeat(labels, sizes, axis=1), strict=True)):
        pulls, residual = _certified(units, gram, signs, probe, draw)
        duals = np.abs(pulls) / length
        weights, pulled = np.add.reduceat(duals, starts)[:, None], np.add.reduceat(duals[:, None] * points, starts)
        anchors[draw] = pulled / np.where(weights > 0, weights, 1.0)
        projection = units.T @ pulls
        overlap[draw], left[draw] = probe @ projection, np.linalg.norm(probe - projection)
        worst = max(worst, residual)
    return JointAnchors(anchors, overlap, left <= INSIDE * np.linalg.norm(probes, axis=1), worst)


def _certified(
    units: np.ndarray, gram: np.ndarray, signs: np.ndarray, probe: np.ndarray, draw: int
) -> tuple[np.ndarray, float]:
    """The signed duals of the unit rows, (K,), and their certified residual."""
    try:
        if units.size <= FEW_NUMBERS:
            pulls = signs * nnls((units * signs[:, None]).T, probe)[0]
        else:
            pulls = signed_least_squares(units, gram, signs, probe)
    except RuntimeError as error:
        problem = f"{len(units)} points in {len(probe)} features"
        raise Uncertified(f"draw {draw}: no solution for {problem} ({error}). Leave out points that nearly coincide") from error
    slack, size = units @ (probe - units.T @ pulls), np.linalg.norm(probe)
    residual = float(max((signs * slack).max() / size, np.abs(pulls @ slack) / size**2, -(signs * pulls).min(), 0.0))
    certify(residual, lambda: f"draw {draw}, {len(units)} points of rank {np.linalg.matrix_rank(units)}")
    return pulls, residual
