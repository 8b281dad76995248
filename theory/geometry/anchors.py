"""The inner projection of the replica theory, solved for many Gaussian probes at once and certified for each of them.

V is the point nearest to T whose product with every point of the manifold is at least the margin. The last row of a frame is
1. Therefore the margin can be subtracted from the probe, T' = T - kappa e, and the problem is a non-negative least squares
problem at every margin:

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
Gram = Array  # (P, M, M)
Products = Array  # (P, n, M)


@dataclass(frozen=True)
class Projections:
    """Displacements and anchors of n probes on one manifold.

    displacement: squared distance that each probe moved, ||V - T||^2, (n,).
    anchors: anchor points, (D + 1, n), last row 1; for a probe that did not move, the touching point argmin T.S.
    kkt_residual: the worst relative violation of the optimality conditions.
    """

    displacement: np.ndarray
    anchors: np.ndarray
    kkt_residual: float


def project(coordinates: np.ndarray, probes: np.ndarray, margin: float = 0.0) -> Projections:
    """Displacements and anchors of probes on one manifold, which is given as points.

    The solver is :func:`anchor_weights`, by which :func:`theory.geometry.manifolds.manifold_geometry` measures manifolds.

    :param coordinates: S, (D + 1, M), last row 1. :param probes: T, (D + 1, n), standard Gaussian.
    :param margin: kappa, standardized units.
    :raises theory.numerics.certificate.Uncertified: a residual above 1e-9; the error gives the number of points and the rank.
    """
    displacement, weights, residual = project_to_weights(coordinates, probes, margin)
    return Projections(displacement, coordinates @ weights.T, residual)


def project_to_weights(coordinates: np.ndarray, probes: np.ndarray, margin: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Displacements (n,), anchors as weights of the points (n, M), and the worst residual; arguments as in :func:`project`."""
    gram, products = coordinates.T @ coordinates, probes.T @ coordinates
    step = max(products_at_a_time(gram) // len(gram), 1)
    parts = [anchor_weights(gram[None], products[None, i : i + step], margin) for i in range(0, len(products), step)]
    displacement, weights = (np.concatenate([part[which][0] for part in parts]) for which in (0, 1))
    residual = np.max([part[2] for part in parts])
    certify(residual, lambda: f"{len(gram)} points of rank {np.linalg.matrix_rank(coordinates)}, margin {margin:g}")
    return displacement, weights, float(residual)


def anchor_weights(gram: Gram, products: Products, margin: float) -> tuple[Array, Array, Array]:
    """Displacements and anchors of the probes of many manifolds; each anchor is a weighted mean of the points.

    :param gram: S^T S, (P, M, M). :param products: T^T S, (P, n, M). :param margin: kappa, standardized units.
    :returns: displacements (P, n); weights that sum to 1, (P, n, M); the worst residual of each manifold, (P,), which the
        caller has to certify.
    """
    xp = api.array_namespace(gram, products)
    multipliers, residual = nonnegative_least_squares(gram, products - margin)
    displacement = xp.sum(multipliers * (multipliers @ gram), axis=2)
    total = xp.sum(multipliers, axis=2, keepdims=True)
    points = xp.arange(gram.shape[1], device=api.device(gram))
    touching = xp.astype(points == xp.argmin(products, axis=2, keepdims=True), gram.dtype)
    weights = xp.where(total > 0, multipliers / xp.where(total > 0, total, 1.0), touching)
    return displacement, weights, residual
