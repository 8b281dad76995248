"""From inner products to frames: each manifold in the coordinates of its own offsets, in units of its centre's norm."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import array_api_compat as api
import numpy as np

from theory.grams import Grams
from theory.nnls import IN_CACHE

Array = Any
KINDS = ("reduced", "published")
# Numbers in flight that keep an accelerator busy.
ON_DEVICE = 2**25


@dataclass(frozen=True)
class Frames:
    """p manifolds with equally many points, ready for the inner problem; all but the norms in units of the centre's norm.

    index: which manifolds, p of them.
    gram: inner products of offsets, without what is rounding, (p, M, M).
    root: its symmetric square root, (p, M, M): the offsets in coordinates that no solver chooses.
    axes: D, (p,): the rank of the offsets ("reduced"), or the number of axes kept ("published").
    rank: of the offsets, (p,).
    center_norm: norm of the centre, in the clouds' own units, (p,).
    """

    index: list[int]
    gram: Array
    root: Array
    axes: Array
    rank: Array
    center_norm: Array

    def in_parts(self, n_probes: int) -> Iterator["Frames"]:
        """As many manifolds at a time as are best measured together."""
        on_host = "cpu" in str(api.device(self.gram)).lower()
        step = max((IN_CACHE if on_host else ON_DEVICE) // (n_probes * self.gram.shape[1]), 1)
        for start in range(0, len(self.index), step):
            part = slice(start, min(start + step, len(self.index)))
            arrays = (self.gram[part, :, :], self.root[part, :, :], self.axes[part], self.rank[part], self.center_norm[part])
            yield Frames(self.index[part], *arrays)

    def coordinates(self, manifold: int = 0) -> np.ndarray:
        """One manifold in D coordinates of its own, and the centre's, 1; points in columns, (D + 1, M)."""
        extent, axes = np.linalg.eigh(np.asarray(self.root[manifold, :, :], dtype=float))
        kept = slice(-int(self.rank[manifold]) or len(extent), None)
        return np.vstack([(axes * extent).T[kept], np.ones(len(extent))])


def frames_of(grams: Grams, directions=None, kind: str = "reduced", dtype=None) -> Iterator[Frames]:
    """The frames of all manifolds, those with equally many points together.

    Source: Chung, Lee & Sompolinsky 2018, x = x_0 + offsets, with the centre direction taken orthogonal to the offsets, as
    the published code does.

    :param directions: removed from points and centres first, as combinations of centres, (P, K), orthonormal; none by default.
    :param kind: "reduced" drops directions without extent; "published" keeps the published code's, min(M, N), of which one is
        always dead where there are fewer points than features.
    :param dtype: of the frames; that of the inner products by default.
    :raises ValueError: a centre at the origin; manifold and cause named.
    """
    if kind not in KINDS:
        raise ValueError(f"frames must be one of {', '.join(KINDS)}; received {kind!r}")
    xp, dtype = api.array_namespace(grams.centers), dtype or grams.centers.dtype
    length = _lengths(grams, directions)
    noise = grams.resolved() if grams.rounding is None else grams.rounding
    for index, offsets, along in grams.groups():
        rows = xp.asarray(index, device=api.device(offsets))
        squared = xp.take(length, rows)[:, None, None]
        extent = xp.max(xp.linalg.diagonal(offsets), axis=1)
        if directions is not None:
            removed = along @ directions
            offsets = offsets - removed @ xp.matrix_transpose(removed)
        # Removing directions leaves rounding of what was there before.
        floor = xp.take(noise, rows) + xp.finfo(offsets.dtype).eps * extent
        gram, root, rank = _rooted(offsets / squared, offsets.shape[1] * floor / squared[:, 0, 0])
        kept = min(offsets.shape[1], grams.n_features or offsets.shape[1])
        axes = rank if kind == "reduced" else xp.full_like(rank, kept)
        norm = xp.sqrt(squared[:, 0, 0])
        yield Frames(index, xp.astype(gram, dtype), xp.astype(root, dtype), axes, rank, xp.astype(norm, dtype))


def require_centers(grams: Grams) -> None:
    """Raise ValueError where a centre lies at the origin; manifold and cause named."""
    _lengths(grams, None)


def _lengths(grams: Grams, directions):
    """Squared norms of the centres, without the directions, (P,)."""
    xp = api.array_namespace(grams.centers)
    length = xp.linalg.diagonal(grams.centers)
    noise = grams.resolved() if grams.rounding is None else grams.rounding
    remedy = "with center_mean=True a single manifold always has: pass two or more, or center_mean=False"
    if directions is not None:
        noise = noise + 16 * xp.finfo(length.dtype).eps * length
        length = length - xp.sum((grams.centers @ directions) ** 2, axis=1)
        remedy = f"the {directions.shape[1]} directions removed were all it had: lower center_rank"
    at_origin = xp.nonzero(length <= noise)[0]
    if at_origin.shape[0]:
        first = int(at_origin[0])
        raise ValueError(
            f"manifold {first} has its centre at the origin (squared norm {float(length[first]):.1e}), so that radius and "
            f"margin have no unit; {remedy}"
        )
    return length


def _rooted(gram, floor):
    """Gram matrices without what is rounding, their symmetric roots, and their ranks."""
    xp = api.array_namespace(gram)
    value, axes = xp.linalg.eigh(gram)
    floor = xp.maximum(floor, gram.shape[1] * xp.finfo(gram.dtype).eps * value[:, -1])
    value = xp.where(value > floor[:, None], value, 0.0)
    transposed = xp.matrix_transpose(axes)
    gram, root = ((axes * scale[:, None, :]) @ transposed for scale in (value, xp.sqrt(value)))
    return gram, root, xp.sum(xp.astype(value > 0, xp.int64), axis=1)
