"""Manifolds as inner products: of each one's offsets, of these with all centres, and of the centres."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import array_api_compat as api

Array = Any


@dataclass(frozen=True)
class Grams:
    """P manifolds as inner products, of any supported array library.

    Offsets are resolved to sqrt(eps) of their own lengths, centres to sqrt(eps) of the longest.

    offsets: of each manifold's offsets from its centre, (P, M, M), or a list of (M_i, M_i).
    along: of the offsets with all centres, (P, M, P), or a list of (M_i, P).
    centers: of the centres, about the origin of the clouds or their mean, (P, P).
    n_features: N; None where there are more than points.
    rounding: squared lengths that are rounding of the clouds they came from, (P,); None where that is not known.
    resolution: of the centres, squared, before they were taken about their mean; None where they were not.
    """

    offsets: Array
    along: Array
    centers: Array
    n_features: int | None = None
    rounding: Array | None = None
    resolution: Array | None = None

    def groups(self) -> Iterator[tuple[list[int], Array, Array]]:
        """Manifolds with equally many points: their indices, offsets (p, M, M) and along (p, M, P)."""
        if hasattr(self.offsets, "shape"):
            yield list(range(self.centers.shape[0])), self.offsets, self.along
            return
        xp, sizes = api.array_namespace(self.centers), [block.shape[0] for block in self.offsets]
        for size in sorted(set(sizes)):
            index = [i for i, n in enumerate(sizes) if n == size]
            yield index, *(xp.stack([blocks[i] for i in index]) for blocks in (self.offsets, self.along))

    def about_mean(self) -> "Grams":
        """The same about the mean of all points, (weighted by their numbers) the mean of the centres."""
        xp = api.array_namespace(self.centers)
        offsets, along = _listed(self.offsets), _listed(self.along)
        sizes = [block.shape[0] for block in offsets]
        weight = xp.asarray([n / sum(sizes) for n in sizes], dtype=self.centers.dtype, device=api.device(self.centers))
        along = [block - (block @ weight)[:, None] for block in along]
        toward = self.centers @ weight
        centers = self.centers - toward[:, None] - toward[None, :] + weight @ toward
        return replace(self, along=along, offsets=offsets, centers=centers, resolution=self.resolved())

    def resolved(self) -> Array:
        """Squared lengths of centres that rounding can feign, (P,)."""
        if self.rounding is not None or self.resolution is not None:
            return self.rounding if self.resolution is None else self.resolution
        xp = api.array_namespace(self.centers)
        largest = xp.max(xp.linalg.diagonal(self.centers))
        return 16 * xp.finfo(self.centers.dtype).eps * largest * xp.ones_like(self.centers[0, :])

    def checked(self) -> "Grams":
        """The same, where its parts fit each other and are finite real numbers.

        :raises ValueError: they are not; which part, and of which manifold.
        """
        xp, n = api.array_namespace(self.centers), self.centers.shape[0]
        blocks = _listed(self.offsets), _listed(self.along)
        if self.centers.ndim != 2 or self.centers.shape[1] != n or {len(blocks[0]), len(blocks[1])} != {n}:
            raise ValueError(f"inner products of P manifolds need P offsets, P along and (P, P) centers; P is {n}")
        for i, (offsets, along) in enumerate(zip(*blocks, strict=True)):
            if offsets.ndim != 2 or offsets.shape[0] != offsets.shape[1] or tuple(along.shape) != (offsets.shape[0], n):
                shapes = f"{tuple(offsets.shape)} and {tuple(along.shape)}"
                raise ValueError(f"manifold {i}: offsets must be (M, M) and along (M, {n}); received {shapes}")
            for name, part in (("offsets", offsets), ("along", along), ("centers", self.centers)):
                if not xp.isdtype(part.dtype, "real floating"):
                    raise ValueError(f"{name} must be float32 or float64; received {part.dtype}")
                if not bool(xp.all(xp.isfinite(part))):
                    raise ValueError(f"{name} of manifold {i} must be finite")
        return self


def _listed(blocks: Array) -> list[Array]:
    """One array per manifold; the array standard knows no iteration."""
    return [blocks[i, ...] for i in range(blocks.shape[0])] if hasattr(blocks, "shape") else list(blocks)
