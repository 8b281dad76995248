"""The inner projection of the replica theory, for many Gaussian probes at once, every one with its certificate.

V is the point nearest to T whose product with every point of the manifold is at least the margin. The centre row of a frame is
1, so that the margin moves into the probe, T' = T - kappa e, and the problem is non-negative least squares at every margin:

    mu = argmin_{mu >= 0} ||S mu + T'||,   V = T + S mu,   displacement ||S mu||^2,   anchor S mu / sum mu.
"""

from dataclasses import dataclass
from typing import Any

import array_api_compat as api
import numpy as np

from theory.numerics.nnls import IN_CACHE, nonnegative_least_squares

Array = Any
CERTIFIED = {"float64": 1e-9, "float32": 1e-4}


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
    """Project every probe on one manifold, given as points.

    :param coordinates: S, (D + 1, M), last row 1. :param probes: T, (D + 1, n), standard Gaussian.
    :param margin: kappa, standardized units.
    :raises Uncertified: a residual above 1e-9, with its rank and number of points.
    """
    gram, products = coordinates.T @ coordinates, probes.T @ coordinates
    step = max(IN_CACHE // len(gram), 1)
    parts = [anchor_weights(gram[None], products[None, i : i + step], margin) for i in range(0, len(products), step)]
    residual = np.max([part[2] for part in parts])
    if (message := uncertified(residual, np.linalg.matrix_rank(coordinates), len(gram), margin)) is not None:
        raise Uncertified(message)
    displacement, weights = (np.concatenate([part[which][0] for part in parts]) for which in (0, 1))
    return Projections(displacement, coordinates @ weights.T, float(residual))


def anchor_weights(gram: Array, products: Array, margin: float) -> tuple[Array, Array, Array]:
    """Project the probes of many manifolds; anchors as weighted means of the points.

    :param gram: S^T S, (P, M, M). :param products: T^T S, (P, n, M). :param margin: kappa, standardized units.
    :returns: displacements (P, n); weights, adding up to 1, (P, n, M); the worst residual of each manifold, (P,), uncertified.
    """
    xp = api.array_namespace(gram, products)
    multipliers, residual = nonnegative_least_squares(gram, products - margin)
    displacement = xp.sum(multipliers * (multipliers @ gram), axis=2)
    total = xp.sum(multipliers, axis=2, keepdims=True)
    points = xp.arange(gram.shape[1], device=api.device(gram))
    touching = xp.astype(points == xp.argmin(products, axis=2, keepdims=True), gram.dtype)
    weights = xp.where(total > 0, multipliers / xp.where(total > 0, total, 1.0), touching)
    return displacement, weights, residual


def uncertified(residual, rank, n_points: int, margin: float) -> str | None:
    """What is wrong with a manifold's worst residual, if anything: above 1e-9 in float64, 1e-4 in float32, or not a number."""
    if float(residual) <= CERTIFIED[str(residual.dtype).rpartition(".")[2]]:
        return None
    return f"optimality violated by {float(residual):.1e} (rank {int(rank)} of {n_points} points, margin {margin:g})"
