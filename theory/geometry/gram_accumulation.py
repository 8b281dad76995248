"""Inner products of clouds of points: all that the geometry depends on, for any number of features."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import array_api_compat as api
import numpy as np
from scipy.linalg import get_blas_funcs

from theory.geometry.clouds.blocks import Clouds, blocks_of, require_real, warn_of_layout
from theory.geometry.grams import Grams

Array = Any
Centers = Array  # (P, N)
# Numbers in memory at a time; they set how many features are read together.
CHUNK = 2**22
# Lengths, relative to the longest point, that rounding can produce.
ROUNDING = 1e-13
(_with_itself,) = get_blas_funcs(("syrk",), dtype=np.float64)


def grams_of(
    clouds: Clouds, *, center_mean: bool = True, centers: Centers | None = None, points: bool = False, along: bool = True
) -> Grams:
    """The inner products of clouds, accumulated in float64 over a few features at a time.

    Memory, besides the clouds: 8 P M (M + P) bytes for the result, 8 (P M)^2 more with ``points``, and about 100 MB. Without
    ``along`` and ``points``, memory and time are proportional to P.

    A warning says where every manifold has more points than features, because the published package's clouds have features in
    rows. Inner products are arrays of the clouds' library; of clouds of a library that compiles every operation (jax) they are
    numpy's.

    :param clouds: (P, M, N), or a list of (M_i, N) arrays, points in rows; of one array library, on one device. See
        :func:`theory.geometry.clouds.blocks.blocks_of` for integers, lists of objects, and masked points.
    :param center_mean: subtract the mean of all points first, as published for networks; False for synthetic clouds.
    :param centers: (P, N), used in place of each cloud's mean. ``center_mean`` then subtracts the mean of these centres,
        weighted by numbers of points.
    :param points: compute the inner products of all points too.
    :param along: compute those of offsets with centres, which only the removal of directions and a later mean need.
    :raises ValueError: points that are not finite or not real, no points, or different widths; the error names manifold and
        cause.
    """
    groups = blocks_of(clouds)
    warn_of_layout(groups)
    sizes, width = [block.shape[1] for block in groups for _ in range(block.shape[0])], groups[0].shape[2]
    held = None if centers is None else _held(centers, (len(sizes), width), groups[0])
    sums, step = _Sums(groups[0], len(groups), sizes, center_mean, points, along), max(CHUNK // sum(sizes), 1)
    # Entries that are not finite are reported once, at the end, with the name of their manifold.
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, width, step):
            part = slice(start, min(start + step, width))
            chunks = [sums.exact(block[:, :, part]) for block in groups]
            sums.add(chunks, None if held is None else sums.exact(held[:, part]))
        found = sums.grams(width)
    _require_finite(groups, found)
    return found


def grams_of_points(points: Array, sizes: Sequence[int], n_features: int | None = None) -> Grams:
    """The inner products of manifolds from those of all their points, about the same origin.

    Offsets are accurate to eps of the points' squared lengths, where :func:`grams_of` is accurate to eps of the offsets' own.

    :param points: inner products of all points, manifold after manifold, (K, K). :param sizes: M_i, which sum to K.
    """
    xp = api.array_namespace(points)
    edges = np.cumsum([0, *sizes]).tolist()
    parts = [slice(start, stop) for start, stop in pairwise(edges)]
    toward = xp.stack([xp.mean(points[:, part], axis=1) for part in parts], axis=1)
    centers = xp.stack([xp.mean(toward[part, :], axis=0) for part in parts])
    centers = (centers + xp.matrix_transpose(centers)) / 2
    offsets, along = [], []
    for i, part in enumerate(parts):
        own = toward[part, i]
        offsets.append(points[part, part] - own[:, None] - own[None, :] + centers[i, i])
        along.append(toward[part, :] - centers[i, :][None, :])
    if len(set(sizes)) == 1:
        return Grams(xp.stack(offsets), xp.stack(along), centers, n_features, points=points)
    return Grams(offsets, along, centers, n_features, points=points)


class _Sums:
    """Inner products over the features added so far; a group holds the manifolds of one array."""

    def __init__(self, like, n_groups: int, sizes: list[int], center_mean: bool, points: bool, along: bool):
        self.xp, self.device = api.array_namespace(like), api.device(like)
        share = [n / sum(sizes) for n in sizes] if center_mean else [0.0 for _ in sizes]
        self.share = self.xp.asarray(share, dtype=self.xp.float64, device=self.device)
        self.offsets: list[Array] = [0.0 for _ in range(n_groups)]
        self.along: list[Array] | None = [0.0 for _ in range(n_groups)] if along else None
        self.centers: Array = 0.0
        self.length: Array = 0.0
        shape = (sum(sizes), sum(sizes))
        self.points = self.xp.zeros(shape, dtype=self.xp.float64, device=self.device) if points else None

    def exact(self, values):
        values = values.detach() if hasattr(values, "detach") else values
        return self.xp.astype(values, self.xp.float64, copy=False)

    def add(self, chunks, centers) -> None:
        """Add some features of every group, (p, M, n) each, and of the centres, (P, n), where centres were given."""
        xp = self.xp
        if centers is None:
            centers = xp.concat([xp.mean(chunk, axis=1) for chunk in chunks])
        origin = (self.share @ centers)[None, :]
        moved, first = centers - origin, 0
        if self.points is not None:
            moved_points = xp.concat([xp.reshape(chunk, (-1, chunk.shape[2])) for chunk in chunks]) - origin
            self.points = self._with_products(self.points, moved_points)
        for group, chunk in enumerate(chunks):
            offsets = chunk - centers[first : first + chunk.shape[0], None, :]
            first += chunk.shape[0]
            self.offsets[group] = self.offsets[group] + offsets @ xp.matrix_transpose(offsets)
            if self.along is not None:
                flat = xp.reshape(offsets, (-1, offsets.shape[2])) @ xp.matrix_transpose(moved)
                self.along[group] = self.along[group] + xp.reshape(flat, (*offsets.shape[:2], -1))
        self.centers = self.centers + moved @ xp.matrix_transpose(moved)
        self.length = self.length + xp.sum(centers**2, axis=1)

    def _with_products(self, sums, rows) -> Array:
        """The sums with the inner products of all points added; numpy's one triangle, in place, which takes half the time."""
        if api.is_numpy_array(rows):
            return _with_itself(1.0, rows.T, beta=1.0, c=sums.T, trans=1, lower=1, overwrite_c=1).T
        return sums + rows @ self.xp.matrix_transpose(rows)

    def grams(self, width: int) -> Grams:
        if isinstance(self.points, np.ndarray):
            self.points += np.triu(self.points, 1).T
        reach = [self.xp.max(self.xp.linalg.diagonal(block), axis=1) for block in self.offsets]
        rounding = ROUNDING**2 * (self.length + self.xp.concat(reach))
        if len(self.offsets) == 1:
            return Grams(self.offsets[0], self.along and self.along[0], self.centers, width, rounding, points=self.points)
        offsets, along = (blocks and [block[0, :, :] for block in blocks] for blocks in (self.offsets, self.along))
        return Grams(offsets, along, self.centers, width, rounding, points=self.points)


def precision_of(clouds: Any) -> str:
    """ "float32" where all clouds are float32, else "float64"."""
    blocks = [clouds] if api.is_array_api_obj(clouds) else clouds
    return "float32" if all(str(getattr(one, "dtype", "")).endswith("float32") for one in blocks) else "float64"


def _held(centers, shape, like) -> Array:
    xp = api.array_namespace(like)
    centers = xp.asarray(centers, device=api.device(like))
    require_real(centers, "centers")
    if tuple(centers.shape) != shape or not bool(xp.all(xp.isfinite(centers))):
        raise ValueError(f"centers must be finite and of shape {shape}; received shape {tuple(centers.shape)}")
    return centers


def _require_finite(groups, found: Grams) -> None:
    xp = api.array_namespace(found.centers)
    if bool(xp.all(xp.isfinite(found.rounding))):
        return
    for index, cloud in enumerate(block[i, :, :] for block in groups for i in range(block.shape[0])):
        finite = xp.isfinite(cloud)
        broken, whole = (int(xp.sum(xp.astype(~one, xp.int64))) for one in (finite, xp.any(finite, axis=1)))
        if broken:
            missing = f". {whole} of its points are missing: theory.geometry.clouds_of_recording leaves such points out"
            raise ValueError(
                f"manifold {index} must be finite; it has {broken} NaN or infinite entries: leave them out"
                + (missing if whole else "")
            )
    raise ValueError("clouds are too large for inner products in float64: divide them by their largest entry")
