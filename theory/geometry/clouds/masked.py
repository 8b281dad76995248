"""Masked arrays of numpy as clouds: a point that is masked as a whole is missing."""

from typing import Any

import numpy as np


def is_masked(clouds: Any) -> bool:
    """Whether the clouds are a masked array, or a list with one."""
    return np.ma.isMaskedArray(clouds) or (isinstance(clouds, list | tuple) and any(map(np.ma.isMaskedArray, clouds)))


def without_masked(clouds: Any) -> Any:
    """The clouds as plain arrays: one, (P, M, N), where nothing is masked in one array, else a list of (M_i, N).

    :raises ValueError: a point of which some features are masked and others not; the message names manifold and point.
    """
    if np.ma.isMaskedArray(clouds) and (clouds.ndim != 3 or not np.ma.is_masked(clouds)):
        return clouds.data
    return [_seen(cloud, index) if np.ma.isMaskedArray(cloud) else cloud for index, cloud in enumerate(clouds)]


def _seen(cloud: Any, index: int) -> np.ndarray:
    """The points of a masked cloud, (M, N), that are not masked."""
    if cloud.ndim != 2:
        return cloud.data
    mask: np.ndarray = np.ma.getmaskarray(cloud)
    whole = mask.all(axis=1)
    if part := np.flatnonzero(mask.any(axis=1) & ~whole).tolist():
        raise ValueError(
            f"point {part[0]} of manifold {index} is masked in {mask[part[0]].sum()} of {mask.shape[1]} features ({len(part)} "
            "points are masked in part): mask the whole point, or leave these features out of all clouds"
        )
    if whole.all():
        raise ValueError(f"manifold {index} has no point that is not masked: leave it out")
    return cloud.data[~whole]
