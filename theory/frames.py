"""From clouds of points to frames: each manifold in the coordinates of its own offsets, in units of its centre's norm."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

KINDS = ("reduced", "published")


@dataclass(frozen=True)
class Frame:
    """One manifold, ready for the inner problem.

    coordinates: (D + 1, M); points in columns, the last row the centre coordinate, 1.
    center_norm: norm of the centre, in the clouds' own units; everything else is in units of it.
    """

    coordinates: np.ndarray
    center_norm: float

    @property
    def shape_dim(self) -> int:
        """D: the rank of the offsets ("reduced"), or the number of axes kept ("published")."""
        return len(self.coordinates) - 1


def frames_of(clouds: Sequence, *, center_mean: bool = True, centers=None, kind: str = "reduced") -> list[Frame]:
    """The frames of several manifolds.

    Source: Chung, Lee & Sompolinsky 2018, x = x_0 + offsets, with the centre direction taken orthogonal to the offsets, as
    the published code does.

    :param clouds: (P, M, N), or a list of (M_i, N) arrays, points in rows.
    :param center_mean: subtract the mean of all points first, as published for networks; False for synthetic worlds.
    :param centers: (P, N), in place of each cloud's mean; in the clouds' coordinates, before ``center_mean``.
    :param kind: "reduced" drops directions without extent; "published" keeps the published code's, of which one is always
        dead where there are fewer points than features.
    :raises ValueError: non-finite points, no points, different widths, or a centre at the origin; manifold and cause named.
    """
    if kind not in KINDS:
        raise ValueError(f"frames must be one of {', '.join(KINDS)}; received {kind!r}")
    clouds = [_checked(cloud, index) for index, cloud in enumerate(clouds)]
    if not clouds or len({cloud.shape[1] for cloud in clouds}) != 1:
        raise ValueError(f"clouds must be one or more, of one width; received widths {[c.shape[1] for c in clouds]}")
    centers = [cloud.mean(0) for cloud in clouds] if centers is None else list(_centers(centers, clouds))
    origin = np.concatenate(clouds).mean(0) if center_mean else 0.0
    return [
        _frame(cloud, center, origin, kind, index) for index, (cloud, center) in enumerate(zip(clouds, centers, strict=True))
    ]


def _frame(cloud, center, origin, kind, index) -> Frame:
    moved = center - origin
    norm = float(np.linalg.norm(moved))
    largest = np.abs(cloud).max()
    if norm <= 1e-12 * largest or norm == 0:
        raise ValueError(
            f"manifold {index} has its centre at the origin (norm {norm:.1e}), so that radius and margin have no unit; with "
            "center_mean=True a single manifold always has: pass two or more, or center_mean=False"
        )
    offsets = (cloud - center) / norm
    axes = _published_axes(offsets) if kind == "published" else _reduced_axes(offsets, largest / norm)
    return Frame(np.vstack([axes, np.ones(len(cloud))]), norm)


def _reduced_axes(offsets, scale):
    """Coordinates along the directions with extent, (rank, M); rounding of the points themselves is no extent."""
    left, extent, _ = np.linalg.svd(offsets, full_matrices=False)
    rounding = max(offsets.shape) * np.finfo(float).eps * max(extent.max(initial=0.0), scale)
    kept = extent > rounding
    return (left[:, kept] * extent[kept]).T


def _published_axes(offsets):
    """Coordinates by QR, (min(M, N), M)."""
    return np.linalg.qr(offsets.T)[1]


def _checked(cloud, index) -> np.ndarray:
    cloud = np.asarray(cloud, dtype=float)
    if cloud.ndim != 2 or not cloud.size:
        raise ValueError(f"manifold {index} must be (points, features), neither empty; received shape {cloud.shape}")
    if not np.all(np.isfinite(cloud)):
        raise ValueError(f"manifold {index} must be finite; it has {np.sum(~np.isfinite(cloud))} NaN or infinite entries")
    return cloud


def _centers(centers, clouds) -> np.ndarray:
    centers = np.asarray(centers, dtype=float)
    wanted = (len(clouds), clouds[0].shape[1])
    if centers.shape != wanted or not np.all(np.isfinite(centers)):
        raise ValueError(f"centers must be finite, of shape {wanted}; received shape {centers.shape}")
    return centers
