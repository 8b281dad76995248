"""The inner products of all points of all manifolds, and what is left of a manifold outside the span of some points."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.linalg import cholesky, get_lapack_funcs, solve_triangular

Products = np.ndarray  # (K, K), K = sum of M_i
Active = np.ndarray  # (K,), booleans
# Squared lengths, in units of the points' own, that rounding can hide; and a smaller one, which keeps factorizations finite.
LOST, RIDGE = 1e-7, 1e-11


class JointProducts:
    """The inner products of all points, manifold after manifold. The points are kept at length 1, with their lengths apart.

    gram: inner products, (K, K), unit diagonal (0 for a point at the origin). length: of the points, (K,).
    sizes: M_i, the number of points of each manifold. parts: the rows of each manifold. owner: the manifold of each row, (K,).
    """

    def __init__(self, products: Products, sizes: Sequence[int]):
        self.sizes = [int(size) for size in sizes]
        self.parts = [slice(int(start), int(stop)) for start, stop in pairwise(np.cumsum([0, *self.sizes]))]
        self.owner = np.repeat(np.arange(len(self.sizes)), self.sizes)
        length = np.sqrt(np.clip(np.diag(products), 0.0, None))
        self.length = np.where(length > 0, length, 1.0)
        self.gram = products / self.length[:, None] / self.length

    def rank(self) -> int:
        """The number of dimensions that the points span, from a Cholesky factorization with pivots."""
        return self._factor()[2]

    def coordinates(self) -> list[np.ndarray]:
        """The points in coordinates of their span, P arrays (M_i, rank), with the given inner products."""
        factor, order, rank = self._factor()
        rows = np.zeros((len(factor), rank))
        rows[order - 1] = np.tril(factor)[:, :rank]
        return [rows[part] * self.length[part, None] for part in self.parts]

    def own(self) -> list[np.ndarray]:
        """The inner products of each manifold's points, P arrays (M_i, M_i)."""
        return [self._scaled(part, self.gram[part, part]) for part in self.parts]

    def left_by_others(self, active: Active) -> list[np.ndarray]:
        """The inner products of each manifold's parts outside the span of the *other* manifolds' active points.

        All active points are projected out together, by one Cholesky factor. Then what the manifold's own active points took is
        put back: it is U S^-1 U^T, where S is their block of the inverse (the formula for the inverse of a block matrix). With
        S = C^T C, for columns C of the inverse factor, it is computed as a projection on the span of C.

        :returns: P arrays (M_i, M_i), accurate to about 1e-10 of the points' squared lengths.
        """
        index = np.flatnonzero(active)
        if not len(index):
            return self.own()
        system = self.gram[np.ix_(index, index)]
        system[np.diag_indices(len(index))] += RIDGE
        factor = cholesky(system, lower=True, check_finite=False)
        taken = solve_triangular(factor, self.gram[index], lower=True, check_finite=False)
        inverse = solve_triangular(factor, np.eye(len(index)), lower=True, check_finite=False)
        rows = _padded(self.owner, len(self.sizes))[0]
        of = taken.T[rows]
        own, real = _padded(self.owner[index], len(self.sizes))
        gram = self.gram[rows[:, :, None], rows[:, None, :]] - of @ of.swapaxes(1, 2) + taken_by(inverse.T[own], real, of)
        gram = (gram + gram.swapaxes(1, 2)) / 2
        return [self._scaled(part, one[:size, :size]) for part, one, size in zip(self.parts, gram, self.sizes, strict=True)]

    def _factor(self) -> tuple[np.ndarray, np.ndarray, int]:
        """The lower Cholesky factor of the points in the order of their pivots, (K, K); that order, from 1; and the rank."""
        (pivoted,) = get_lapack_funcs(("pstrf",), (self.gram,))
        factor, order, rank, _ = pivoted(self.gram, tol=LOST, lower=1)
        return factor, order, int(rank)

    def _scaled(self, part: slice, gram: np.ndarray) -> np.ndarray:
        return gram * self.length[part, None] * self.length[part]


def taken_by(columns: np.ndarray, real: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """What some of the points that were projected out took alone from the inner products of manifolds, (P, M, M).

    :param columns: of each manifold, their columns of the inverse Cholesky factor in rows, (P, k, a). :param real: which of
        these rows are real; the others pad, (P, k). :param taken: the factor's solutions for the manifold's points, (P, M, a).
    """
    # The padding comes last, so that it leaves the basis of the real columns alone.
    basis, _ = np.linalg.qr(columns.swapaxes(1, 2))
    own = (taken @ basis) * real[:, None, : basis.shape[2]]
    return own @ own.swapaxes(1, 2)


def _padded(owner: np.ndarray, n_manifolds: int) -> tuple[np.ndarray, np.ndarray]:
    """The places of each manifold in an ascending list of owners, (P, most), and which are real; the others are 0."""
    edges = np.searchsorted(owner, np.arange(n_manifolds + 1))
    steps = np.arange(max(int(np.diff(edges).max()), 1))
    real = steps < np.diff(edges)[:, None]
    return np.where(real, edges[:-1, None] + steps, 0), real
