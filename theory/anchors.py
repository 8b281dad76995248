"""The inner projection of the replica theory, for many Gaussian probes, every one with its certificate.

V is the point nearest to T whose product with every point of the manifold is at least the margin. The centre row of a frame is
1, so that the margin moves into the probe, T' = T - kappa e, and the problem is non-negative least squares at every margin:

    mu = argmin_{mu >= 0} ||S mu + T'||,   V = T + S mu,   displacement ||S mu||^2,   anchor S mu / sum mu.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

CERTIFIED = 1e-9


class Uncertified(ArithmeticError):
    """A projection whose optimality conditions could not be certified."""


@dataclass(frozen=True)
class Projections:
    """Projections of n probes on one manifold.

    displacement: squared distances moved, ||V - T||^2, shape (n,).
    anchors: anchor points, (D + 1, n), last row 1; where nothing moved, the touching point argmin T.S.
    kkt_residual: the worst violation of the optimality conditions, relative.
    """

    displacement: np.ndarray
    anchors: np.ndarray
    kkt_residual: float


def project(coordinates: np.ndarray, probes: np.ndarray, margin: float = 0.0) -> Projections:
    """Project every probe.

    :param coordinates: S, (D + 1, M), last row 1. :param probes: T, (D + 1, n), standard Gaussian.
    :param margin: kappa, standardized units.
    :raises Uncertified: a residual above 1e-9, with its rank and number of points.
    """
    moved = np.array(probes, dtype=float)
    moved[-1] -= margin
    multipliers = np.stack([nnls(coordinates, -probe)[0] for probe in moved.T], axis=1)
    steps = coordinates @ multipliers
    residual = _kkt_residual(coordinates, moved, multipliers, steps)
    if residual > CERTIFIED:
        rank, points = np.linalg.matrix_rank(coordinates), coordinates.shape[1]
        raise Uncertified(f"optimality violated by {residual:.1e} (rank {rank} of {points} points, margin {margin:g})")
    return Projections((steps**2).sum(0), _anchors(coordinates, probes, multipliers, steps), residual)


def _anchors(coordinates, probes, multipliers, steps):
    weight = multipliers.sum(0)
    touching = coordinates[:, np.argmin(coordinates.T @ probes, axis=0)]
    return np.where(weight > 0, steps / np.where(weight > 0, weight, 1.0), touching)


def _kkt_residual(coordinates, moved, multipliers, steps) -> float:
    """Dual feasibility S^T (T' + S mu) >= 0 and complementarity mu . S^T (T' + S mu) = 0, each relative to its scale."""
    slack = coordinates.T @ (moved + steps)
    length = np.linalg.norm(moved, axis=0)
    infeasible = -slack / (np.linalg.norm(coordinates, axis=0)[:, None] * length)
    gap = np.abs((multipliers * slack).sum(0)) / length**2
    return float(max(infeasible.max(), gap.max(), 0.0))
