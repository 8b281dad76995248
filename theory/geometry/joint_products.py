"""The inner products of all points of all manifolds, and what is left of a manifold outside the span of some points."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.linalg import LinAlgError, get_blas_funcs, get_lapack_funcs

from theory.numerics.batches import IN_CACHE

Products = np.ndarray  # (K, K), K = sum of M_i
Active = np.ndarray  # (B, K), booleans
# Squared lengths, in units of the points' own, that rounding can hide; and a smaller one, which keeps factorizations finite.
LOST, RIDGE = 1e-7, 1e-11
# BLAS and LAPACK themselves: for a few dozen points, scipy's checks take longer than the work.
_factored, _inverted, _pivoted = get_lapack_funcs(("potrf", "trtri", "pstrf"), dtype=np.float64)
(_solved,) = get_blas_funcs(("trsm",), dtype=np.float64)


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
        return [self.gram[part, part] * self.length[part, None] * self.length[part] for part in self.parts]

    def left_by_others(self, active: Active) -> list[list[np.ndarray]]:
        """The inner products of each manifold's parts outside the span of the *other* manifolds' active points.

        All active points are projected out together, by one Cholesky factor. Then what the manifold's own active points took is
        put back: it is U S^-1 U^T, where S is their block of the inverse (the formula for the inverse of a block matrix). With
        S = C^T C, for columns C of the inverse factor, it is computed as a projection on the span of C.

        :param active: the active points in each of B draws.
        :returns: for every draw P arrays (M_i, M_i), accurate to about 1e-10 of the points' squared lengths.
        """
        # Small problems are put together, because numpy's calls take longer than their work.
        step = max(IN_CACHE // max(int(active.sum(1).max()) * active.shape[1], 1), 1)
        return [left for start in range(0, len(active), step) for left in self._left_together(active[start : start + step])]

    def _left_together(self, active: Active) -> list[list[np.ndarray]]:
        most = max(int(active.sum(1).max()), 1)
        taken, inverse = np.zeros((len(active), most, active.shape[1])), np.zeros((len(active), most, most))
        for draw, index in enumerate(map(np.flatnonzero, active)):
            if n := len(index):
                taken[draw, :n], inverse[draw, :n, :n] = self._projected_out(index)
        rows, points = _padded(self.owner, len(self.sizes))
        own, real = _first(active[:, rows] & points, (active.cumsum(1) - 1)[:, rows])
        of, columns = taken.swapaxes(1, 2)[:, rows], inverse[np.arange(len(active))[:, None, None], own]
        gram = self.gram[rows[:, :, None], rows[:, None, :]] - of @ of.swapaxes(-1, -2) + taken_by(columns, real, of)
        length = self.length[rows]
        gram = (gram + gram.swapaxes(-1, -2)) / 2 * length[:, :, None] * length[:, None, :]
        return [[one[:size, :size] for one, size in zip(draw, self.sizes, strict=True)] for draw in gram]

    def _projected_out(self, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The Cholesky factor's solutions for all points, (a, K), and its inverse, transposed, (a, a), for a points."""
        system = self.gram[np.ix_(index, index)]
        system.flat[:: len(index) + 1] += RIDGE
        factor, failed = _factored(system.T, lower=1, overwrite_a=1)
        if failed:
            raise LinAlgError(f"the inner products of {len(index)} active points are not positive definite")
        # Solved from the right, in the order in which the rows lie in memory.
        taken = _solved(1.0, factor, self.gram[index].T, side=1, lower=1, trans_a=1, overwrite_b=1)
        return taken.T, _inverted(factor, lower=1, overwrite_c=1)[0].T

    def _factor(self) -> tuple[np.ndarray, np.ndarray, int]:
        """The lower Cholesky factor of the points in the order of their pivots, (K, K); that order, from 1; and the rank."""
        factor, order, rank, _ = _pivoted(self.gram, tol=LOST, lower=1)
        return factor, order, int(rank)


def taken_by(columns: np.ndarray, real: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """What some of the points that were projected out took alone from the inner products of manifolds, (B, P, M, M).

    :param columns: of each manifold, their columns of the inverse Cholesky factor in rows, (B, P, k, a). :param real: which of
        these rows are real; the others pad, (B, P, k). :param taken: the factor's solutions for the manifold's points,
        (B, P, M, a).
    """
    # The padding comes last, so that it leaves the basis of the real columns alone.
    basis, _ = np.linalg.qr(columns.swapaxes(-1, -2))
    own = (taken @ basis) * real[..., None, : basis.shape[-1]]
    return own @ own.swapaxes(-1, -2)


def _first(marked: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The values of the marked entries of each row, (..., most marked, at least 1), padded at the end; and which are real."""
    count = marked.sum(-1)
    order = np.argsort(~marked, axis=-1, kind="stable")[..., : max(int(count.max()), 1)]
    return np.take_along_axis(values, order, axis=-1), np.arange(order.shape[-1]) < count[..., None]


def _padded(owner: np.ndarray, n_manifolds: int) -> tuple[np.ndarray, np.ndarray]:
    """The places of each manifold in an ascending list of owners, (P, most), and which are real; the others are 0."""
    edges = np.searchsorted(owner, np.arange(n_manifolds + 1))
    steps = np.arange(max(int(np.diff(edges).max()), 1))
    real = steps < np.diff(edges)[:, None]
    return np.where(real, edges[:-1, None] + steps, 0), real
