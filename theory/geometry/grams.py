"""Manifolds as inner products: of the offsets of each manifold, of offsets with centres, of centres; and of all points."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import array_api_compat as api

Array = Any


@dataclass(frozen=True)
class Grams:
    """P manifolds as inner products, in arrays of any supported library.

    Accuracy: offsets to sqrt(eps) of their own lengths, centres to sqrt(eps) of the longest centre.

    offsets: inner products between the offsets of each manifold from its centre, (P, M, M), or a list of (M_i, M_i).
    along: inner products between offsets and all centres, (P, M, P), or a list of (M_i, P). Only the removal of directions and
        :meth:`about_mean` need them; None where they were not computed.
    centers: inner products between centres, relative to the origin of the clouds or to the clouds' mean, (P, P).
    n_features: N; None where there are more features than points.
    rounding: squared lengths that rounding of the clouds can produce, (P,); None where unknown.
    resolution: squared lengths of centres that rounding can produce, (P,), kept from before the mean was subtracted; None
        where no mean was subtracted.
    points: inner products between all points, manifold after manifold, relative to the same origin as the centres, (K, K) for
        K = sum M_i; the cavity method needs them. None where they were not computed.
    """

    offsets: Array
    along: Array | None
    centers: Array
    n_features: int | None = None
    rounding: Array | None = None
    resolution: Array | None = None
    points: Array | None = None

    @property
    def sizes(self) -> list[int]:
        """M_i, the number of points of each manifold."""
        return [block.shape[0] for block in _listed(self.offsets)]

    def groups(self) -> Iterator[tuple[list[int], Array, Array]]:
        """Indices, offsets (p, M, M) and along (p, M, P), or None, of manifolds with equally many points, group by group."""
        if hasattr(self.offsets, "shape"):
            yield list(range(self.centers.shape[0])), self.offsets, self.along
            return
        xp, sizes = api.array_namespace(self.centers), [block.shape[0] for block in self.offsets]
        for size in sorted(set(sizes)):
            index = [i for i, n in enumerate(sizes) if n == size]
            offsets, along = (blocks and xp.stack([blocks[i] for i in index]) for blocks in (self.offsets, self.along))
            yield index, offsets, along

    def about_mean(self) -> "Grams":
        """Inner products relative to the mean of all points, which is the mean of the centres weighted by numbers of points.

        :raises ValueError: there is no ``along``.
        """
        if self.along is None:
            raise ValueError("inner products without along have no mean: pass center_mean=False, or compute them with along")
        xp = api.array_namespace(self.centers)
        offsets, along = _listed(self.offsets), _listed(self.along)
        sizes = [block.shape[0] for block in offsets]
        weight = xp.asarray([n / sum(sizes) for n in sizes], dtype=self.centers.dtype, device=api.device(self.centers))
        inner = [block @ weight for block in along]
        along = [block - one[:, None] for block, one in zip(along, inner, strict=True)]
        toward = self.centers @ weight
        points = None
        if self.points is not None:
            along_points = xp.concat([one + toward[i] for i, one in enumerate(inner)])
            points = self.points - along_points[:, None] - along_points[None, :] + weight @ toward
        centers = self.centers - toward[:, None] - toward[None, :] + weight @ toward
        return replace(self, along=along, offsets=offsets, centers=centers, resolution=self.resolved(), points=points)

    def resolved(self) -> Array:
        """Squared lengths of centres that rounding alone can produce, (P,)."""
        if self.rounding is not None or self.resolution is not None:
            return self.rounding if self.resolution is None else self.resolution
        xp = api.array_namespace(self.centers)
        largest = xp.max(xp.linalg.diagonal(self.centers))
        return 16 * xp.finfo(self.centers.dtype).eps * largest * xp.ones_like(self.centers[0, :])

    def checked(self) -> "Grams":
        """These inner products, once their shapes are known to agree and their entries to be finite real numbers.

        :raises ValueError: shapes that disagree, or entries that are not finite real; the error names part and manifold.
        """
        xp, n = api.array_namespace(self.centers), self.centers.shape[0]
        blocks = [_listed(part) for part in (self.offsets, self.along) if part is not None]
        if self.centers.ndim != 2 or self.centers.shape[1] != n or {len(part) for part in blocks} != {n}:
            received = " and ".join(f"{len(part)} {name}" for part, name in zip(blocks, ("offsets", "along"), strict=False))
            raise ValueError(
                f"inner products of P manifolds need P offsets, P along and (P, P) centers; received {received}, "
                f"and centers of shape {tuple(self.centers.shape)}"
            )
        n_points = sum(block.shape[0] for block in blocks[0])
        if self.points is not None and tuple(self.points.shape) != (n_points, n_points):
            shape = tuple(self.points.shape)
            raise ValueError(f"points must be the inner products of all {n_points} points; received shape {shape}")
        if self.points is not None and not bool(xp.all(xp.isfinite(self.points))):
            raise ValueError("points must be finite; received NaN or infinite entries: leave these points out")
        for i, parts in enumerate(zip(*blocks, strict=True)):
            size = parts[0].shape[0]
            if [tuple(part.shape) for part in parts] != [(size, size), (size, n)][: len(parts)]:
                shapes = " and ".join(str(tuple(part.shape)) for part in parts)
                raise ValueError(f"manifold {i}: offsets must be (M, M) and along (M, {n}); received {shapes}")
            for name, part in (("centers", self.centers), *zip(("offsets", "along"), parts, strict=False)):
                if not xp.isdtype(part.dtype, "real floating"):
                    raise ValueError(f"{name} must be float32 or float64; received {part.dtype}: convert {name}")
                if not bool(xp.all(xp.isfinite(part))):
                    raise ValueError(f"{name} of manifold {i} must be finite; received NaN or infinite entries: leave them out")
        return self


def _listed(blocks: Array) -> list[Array]:
    """A list of one array per manifold. (The array standard has no iteration.)"""
    return [blocks[i, ...] for i in range(blocks.shape[0])] if hasattr(blocks, "shape") else list(blocks)
