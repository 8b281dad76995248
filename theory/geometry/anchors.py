"""The inner projection of the replica theory, for many Gaussian probes at once, every one with its certificate.

V is the point nearest to T whose product with every point of the manifold is at least the margin. The centre row of a frame is
1, so that the margin moves into the probe, T' = T - kappa e, and the problem is non-negative least squares at every margin:

    mu = argmin_{mu >= 0} ||S mu + T'||,   V = T + S mu,   displacement ||S mu||^2,   anchor S mu / sum mu.
"""

from dataclasses import dataclass
from typing import Any

import array_api_compat as api
import numpy as np

from theory.numerics.batches import products_at_a_time
from theory.numerics.certificate import certify
from theory.numerics.nnls import nonnegative_least_squares

Array = Any


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
    """Project every probe on one manifold, given as points, by the :func:`anchor_weights` that manifolds are measured by.

    :param coordinates: S, (D + 1, M), last row 1. :param probes: T, (D + 1, n), standard Gaussian.
    :param margin: kappa, standardized units.
    :raises theory.numerics.certificate.Uncertified: a residual above 1e-9, with number of points and rank.
    """
    displacement, weights, residual = project_to_weights(coordinates, probes, margin)
    return Projections(displacement, coordinates @ weights.T, residual)


def project_to_weights(coordinates: np.ndarray, probes: np.ndarray, margin: float) -> tuple[np.ndarray, np.ndarray, float]:
    """The same, anchors as weights of the points: displacements (n,), weights (n, M), and the worst residual."""
    gram, products = coordinates.T @ coordinates, probes.T @ coordinates
    step = max(products_at_a_time(gram) // len(gram), 1)
    parts = [anchor_weights(gram[None], products[None, i : i + step], margin) for i in range(0, len(products), step)]
    displacement, weights = (np.concatenate([part[which][0] for part in parts]) for which in (0, 1))
    residual = np.max([part[2] for part in parts])
    certify(residual, lambda: f"{len(gram)} points of rank {np.linalg.matrix_rank(coordinates)}, margin {margin:g}")
    return displacement, weights, float(residual)


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
