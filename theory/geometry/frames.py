"""Frames: each manifold in coordinates of its own offsets, in units of its centre's norm, computed from inner products."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import array_api_compat as api
import numpy as np

from theory.geometry.grams import Grams
from theory.numerics.batches import products_at_a_time

Array = Any
Directions = Array  # (P, K), coefficients on the centres
KINDS = ("reduced", "published")
# The largest squared length, in units of the centre's, that may be discarded as rounding.
LOST = 1e-6


@dataclass(frozen=True)
class Frames:
    """Frames of p manifolds with equally many points, in units of each centre's norm.

    index: the numbers of the manifolds, p of them.
    gram: inner products of the offsets, rounding set to zero, (p, M, M).
    root: the offsets in M coordinates, points in columns, (p, M, M); root^T root = gram. The root comes from a symmetric
        square root, so it does not depend on the eigenvectors that a solver returns.
    axes: D, (p,): the rank of the offsets ("reduced"), or the number of axes kept ("published").
    rank: rank of the offsets, (p,).
    """

    index: list[int]
    gram: Array
    root: Array
    axes: Array
    rank: Array

    def in_parts(self, n_probes: int) -> Iterator["Frames"]:
        """The frames in parts, each with as many manifolds as are best measured together."""
        step = max(products_at_a_time(self.gram) // (n_probes * self.gram.shape[1]), 1)
        for start in range(0, len(self.index), step):
            part = slice(start, min(start + step, len(self.index)))
            gram, root = self.gram[part, :, :], self.root[part, :, :]
            yield Frames(self.index[part], gram, root, self.axes[part], self.rank[part])

    def coordinates(self, manifold: int = 0) -> np.ndarray:
        """The frame S of one manifold, (D + 1, M): points in columns, D coordinates of the offsets, and a last row of ones."""
        _, extent, axes = np.linalg.svd(np.asarray(self.root[manifold, :, :], dtype=float))
        kept = int(self.rank[manifold])
        return np.vstack([extent[:kept, None] * axes[:kept], np.ones(len(extent))])


def frames_of(grams: Grams, directions: Directions | None = None, kind: str = "reduced", dtype: Any = None) -> Iterator[Frames]:
    """The frames of all manifolds; manifolds with equally many points are returned together.

    Source: Chung, Lee & Sompolinsky 2018, x = x_0 + offsets. The centre direction is taken to be orthogonal to the offsets, as
    in the published code.

    :param directions: directions to remove from points and centres first, as combinations of centres, (P, K), orthonormal;
        none by default.
    :param kind: "reduced" keeps the axes along which the manifold has extent; "published" keeps as many as the published code,
        min(M, N). One of these axes has no extent where there are fewer points than features.
    :param dtype: dtype of the frames; by default the dtype of the inner products.
    :raises ValueError: a centre at the origin, or offsets that are not inner products; the error names manifold and cause.
    """
    if kind not in KINDS:
        raise ValueError(f"frames must be one of {', '.join(KINDS)}; received {kind!r}")
    xp, dtype = api.array_namespace(grams.centers), dtype or grams.centers.dtype
    length = _lengths(grams, directions)
    noise = xp.zeros_like(length) if grams.rounding is None else grams.rounding
    for index, offsets, along in grams.groups():
        rows = xp.asarray(index, device=api.device(offsets))
        squared = xp.take(length, rows)[:, None, None]
        # Points are measured in units of their own distance from the origin, so that a distant point does not hide the others.
        unit = xp.sqrt(xp.clip(xp.linalg.diagonal(offsets), 0.0) / squared[:, :, 0] + 1)
        if directions is not None:
            removed = along @ directions
            offsets = offsets - removed @ xp.matrix_transpose(removed)
        floor = offsets.shape[1] * (xp.take(noise, rows) / squared[:, 0, 0] + xp.finfo(offsets.dtype).eps ** 2)
        if bool(xp.any(floor > LOST * offsets.shape[1])):
            far = index[int(xp.argmax(floor))]
            raise ValueError(
                f"manifold {far} has a point so far out that rounding hides the other points: leave that point out"
            )
        root, rank = _rooted(offsets / squared, unit, floor, directions is not None, index)
        kept = min(offsets.shape[1], grams.n_features or offsets.shape[1])
        axes = rank if kind == "reduced" else xp.full_like(rank, kept)
        gram = xp.matrix_transpose(root) @ root
        yield Frames(index, xp.astype(gram, dtype), xp.astype(root, dtype), axes, rank)


def require_centers(grams: Grams) -> None:
    """Raise ValueError where a centre lies at the origin; the error names manifold and cause."""
    _lengths(grams, None)


def _lengths(grams: Grams, directions):
    """Squared norms of the centres after the removal of the directions, (P,)."""
    xp = api.array_namespace(grams.centers)
    length = xp.linalg.diagonal(grams.centers)
    noise = grams.resolved()
    remedy = "pass center_mean=False for a single manifold or for equal manifolds, and leave out a dead layer"
    if directions is not None:
        noise = noise + 16 * xp.finfo(length.dtype).eps * length
        length = length - xp.sum((grams.centers @ directions) ** 2, axis=1)
        remedy = f"removing {directions.shape[1]} shared directions left nothing of this centre: lower their number"
    at_origin = xp.nonzero(length <= noise)[0]
    if at_origin.shape[0]:
        first = int(at_origin[0])
        raise ValueError(
            f"manifold {first} has its centre at the origin (squared norm {float(length[first]):.1e}), so radius and "
            f"margin have no unit: {remedy}"
        )
    return length


def _rooted(gram, unit, floor, removed: bool, index: list[int]):
    """Symmetric roots of Gram matrices, rounding set to zero, and the ranks of the Gram matrices.

    :param unit: the unit in which each point is measured, (p, M).
    :param removed: whether directions were removed; removal leaves rounding errors of the size of these units.
    """
    xp = api.array_namespace(gram)
    value, axes = xp.linalg.eigh(gram / (unit[:, :, None] * unit[:, None, :]))
    largest = xp.clip(value[:, -1], float(removed), None)
    rounding = gram.shape[1] * xp.finfo(gram.dtype).eps * largest
    if bool(xp.any(value[:, 0] < -1e4 * xp.maximum(rounding, floor))):
        worst = index[int(xp.argmin(value[:, 0] / xp.where(largest > 0, largest, 1.0)))]
        raise ValueError(
            f"offsets of manifold {worst} are not inner products: received an eigenvalue of {float(xp.min(value)):.1e}, which "
            "must not be negative. Compute the inner products from points, with grams_of"
        )
    value = xp.where(value > xp.maximum(floor, rounding)[:, None], value, 0.0)
    root = (axes * xp.sqrt(value)[:, None, :]) @ xp.matrix_transpose(axes)
    return root * unit[:, None, :], xp.sum(xp.astype(value > 0, xp.int64), axis=1)
