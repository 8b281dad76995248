"""The class of each input: what labels may be, and which inputs of each class are chosen."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from empirical.errors import GeometryError

Labels = Tensor | np.ndarray | Sequence  # (n,), the class of each input

FEWEST_POINTS = 2
FEWEST_CLASSES = 2
# What pandas has in place of a value.
MISSING = ("NAType", "NaTType")


def labels_of(labels: Any, n_inputs: int) -> np.ndarray:
    """The labels as an array (n,): whole numbers, words, or anything else that can be sorted.

    :param labels: (n,) or (n, 1): a list, an array, a tensor, a column of pandas.
    :raises GeometryError: they are not one per input, or some are missing.
    """
    found = _array(labels)
    shape = found.shape
    if found.ndim == 2 and shape == (n_inputs, 1):
        found = found[:, 0]
    if found.shape != (n_inputs,):
        one_hot = found.ndim == 2 and len(found) == n_inputs
        hint = "; of one-hot labels pass labels.argmax(1)" if one_hot else ""
        kind = "" if shape else f", a {type(labels).__name__}"
        raise GeometryError(f"labels must be one per input, ({n_inputs},); received shape {shape}{kind}{hint}")
    missing = np.flatnonzero(_missing(found))
    if len(missing):
        raise GeometryError(
            f"{len(missing)} of {n_inputs} labels are missing, the first that of input {missing[0]} ({found[missing[0]]}); "
            "leave these inputs out"
        )
    return found


def chosen_of(labels: np.ndarray, n_points: int | None, seed: int) -> list[np.ndarray]:
    """Places of the inputs of each class, in the order of the labels.

    :param labels: (n,). :param n_points: at most this many of each class, drawn by ``seed``; None stands for all.
    :raises GeometryError: there are fewer than two classes, no class has two inputs, or ``n_points`` is below 2.
    """
    if n_points is not None and n_points < FEWEST_POINTS:
        raise GeometryError(f"n_points must be at least {FEWEST_POINTS}, or None for all; received {n_points}")
    names, rng = different_labels(labels), np.random.default_rng(seed)
    if len(names) < FEWEST_CLASSES:
        raise GeometryError(f"labels must name two classes or more; received {len(names)}")
    if len(names) == len(labels):
        raise GeometryError(f"each of the {len(labels)} labels is another, and no class has two inputs; pass labels of classes")
    chosen = [np.flatnonzero(labels == name) for name in names]
    if n_points is None:
        return chosen
    return [one if len(one) <= n_points else np.sort(rng.choice(one, n_points, replace=False)) for one in chosen]


def different_labels(labels: np.ndarray) -> np.ndarray:
    """The different labels, sorted.

    :raises GeometryError: they are of kinds that cannot be sorted together.
    """
    try:
        return np.unique(labels)
    except TypeError as error:
        kinds = ", ".join(sorted({type(one).__name__ for one in labels}))
        raise GeometryError(f"labels must be of one kind; received {kinds}: convert them to words or whole numbers") from error


def _array(labels: Any) -> np.ndarray:
    if isinstance(labels, Tensor):
        if labels.dtype in (torch.float16, torch.bfloat16):
            raise GeometryError(f"labels are {labels.dtype}, which cannot tell large whole numbers apart; pass labels as int64")
        return labels.detach().cpu().resolve_conj().numpy()
    if isinstance(labels, np.ma.MaskedArray):
        if np.ma.is_masked(labels):
            n_masked = int(np.ma.count_masked(labels))
            raise GeometryError(f"{n_masked} of {labels.size} labels are masked; leave these inputs out")
        return labels.data
    if isinstance(labels, list | tuple):
        # numpy would make words of a list of words and NaN.
        kept = np.empty(len(labels), dtype=object)
        kept[:] = [one.item() if isinstance(one, Tensor) and one.ndim == 0 else one for one in labels]
        return kept if _missing(kept).any() else _plain(labels)
    return np.asarray(labels)


def _plain(labels: Sequence) -> np.ndarray:
    try:
        return np.asarray([one.tolist() if isinstance(one, Tensor) else one for one in labels])
    except ValueError as error:
        raise GeometryError("labels must be one per input; received a list whose entries differ in length") from error


def _missing(labels: np.ndarray) -> np.ndarray:
    """Which labels are NaN, None, or pandas' missing values, (n,) booleans."""
    if labels.dtype.kind in "fc":
        return np.isnan(labels)
    if labels.dtype.kind in "mM":
        return np.isnat(labels)
    if labels.dtype.kind != "O":
        return np.zeros(len(labels), dtype=bool)
    return np.array([one is None or type(one).__name__ in MISSING or _is_nan(one) for one in labels], dtype=bool)


def _is_nan(label: Any) -> bool:
    return isinstance(label, float | np.floating) and bool(np.isnan(label))
