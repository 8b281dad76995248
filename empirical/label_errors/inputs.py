"""Labels, indices and rows of numbers as they come from any framework, checked."""

from typing import Any

import numpy as np

from empirical.errors import LabelsError


def checked_labels(labels: Any) -> np.ndarray:
    """The labels as whole numbers, (n,).

    :raises LabelsError: they are not whole numbers from 0, or have another shape, or there are fewer than two classes.
    """
    found = _array(labels)
    if found.ndim != 1 or not np.issubdtype(found.dtype, np.integer):
        raise LabelsError(
            f"labels must be whole numbers, (n,); received shape {found.shape}, type {found.dtype}: number the classes from 0"
        )
    if not len(found) or found.min() < 0:
        what = f"{found.min()} of example {found.argmin()}" if len(found) else "none"
        raise LabelsError(
            f"labels must be 0 or more; received {what}: number the classes from 0, and leave out unlabelled ones"
        )
    if found.min() == found.max():
        raise LabelsError(f"labels must have two classes or more; received {found.min()} for all {len(found):,} examples")
    return found.astype(np.int64)


def checked_index(index: Any, n: int, name: str) -> np.ndarray:
    """The indices, whole numbers, (b,).

    :raises LabelsError: one of them is out of range or given twice, or they are not whole numbers.
    """
    found = np.atleast_1d(_array(index))
    if not found.size:
        return np.empty(0, dtype=np.int64)
    if found.ndim != 1 or not np.issubdtype(found.dtype, np.integer):
        raise LabelsError(f"{name} must be whole numbers, (b,); received shape {found.shape}, type {found.dtype}")
    if found.min() < 0 or found.max() >= n:
        worst = found.min() if found.min() < 0 else found.max()
        raise LabelsError(f"{name} must be within 0..{n - 1}, positions in labels; received {worst}")
    ordered = np.sort(found)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twice):
        raise LabelsError(f"{name} has {twice[0]} twice; give every example once")
    return found.astype(np.int64)


def checked_rows(values: Any, n: int, name: str) -> np.ndarray:
    """Rows of numbers, (n, ...) flattened to (n, d), as float32 or float64.

    :param name: of the argument, for the message.
    :raises LabelsError: there are more or fewer rows, or a number is not finite.
    """
    found = _array(values)
    if found.ndim < 2 or len(found) != n:
        raise LabelsError(f"{name} must have a row for each of the {n} indices; received shape {found.shape}")
    found = found.reshape(n, -1)
    if found.dtype not in (np.float32, np.float64):
        found = found.astype(np.float32)
    if not np.isfinite(found).all():
        row = int(np.flatnonzero(~np.isfinite(found).all(axis=1))[0])
        raise LabelsError(f"{name} must be finite; row {row} of this call is not: the training has diverged, lower its rate")
    return found


def _array(values: Any) -> np.ndarray:
    """An array of any framework as numpy's; one that torch tracks or keeps on a device is copied first."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
        if not hasattr(values.dtype, "kind") and str(values.dtype) == "torch.bfloat16":
            values = values.float()
    return np.asarray(values)
