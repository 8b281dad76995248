"""Inputs from a data set or its loader: the chosen ones are collected in two passes, and only they are kept."""

import traceback
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import BatchSampler, DataLoader, Dataset, IterableDataset, SequentialSampler, Subset
from torch.utils.data._utils import collate

from empirical.activations.evaluation import seeded
from empirical.activations.inputs import Inputs, inputs_of, joined
from empirical.activations.labels import chosen_of, different_labels, labels_of
from empirical.errors import ActivationError, GeometryError

BATCH = 64
# Names under which the items of a data set have their class.
LABELS = ("labels", "label")


def is_dataset(given: Any) -> bool:
    """Whether inputs are a data set or a loader: of torch, or anything that is indexed by number and not itself an array."""
    if isinstance(given, DataLoader | Dataset):
        return True
    plain = isinstance(given, Tensor | np.ndarray | Inputs | Mapping | list | tuple | str | bytes) or hasattr(
        given, "__array__"
    )
    return not plain and hasattr(given, "__getitem__") and hasattr(given, "__len__")


def collected(source: Any, labels: Any, n_points: int | None, seed: int, dtype: torch.dtype | None) -> dict[str, Inputs]:
    """The chosen inputs of each class, by its label in words, in the order of the labels.

    A first pass reads the labels, unless they are given; a second one picks the inputs. Of each class the inputs at the chosen
    places in the order of the second pass are taken, so that a loader may shuffle: its order and random transforms then follow
    ``seed``, as far as they draw from torch in this process.

    :param source: a data set of (input, label), or a loader of (inputs, labels); items may be dicts with "label" or "labels".
    :param labels: the class of each input; None stands for the labels of the source.
    :param n_points, seed: see :func:`empirical.activations.labels.chosen_of`. :param dtype: of the model's weights.
    :raises ActivationError: the source shuffles although labels are given, or its items are of another form.
    :raises GeometryError: see :func:`empirical.activations.labels.labels_of`.
    """
    with seeded(seed):
        return _collected(source, _loader(source), labels, n_points, seed, dtype)


def _collected(source: Any, loader: DataLoader, labels: Any, n_points: int | None, seed: int, dtype) -> dict[str, Inputs]:
    if labels is None:
        found = _labels_in(loader)
    else:
        _require_order(loader)
        found = labels_of(labels, _count(loader))
    chosen = chosen_of(found, n_points, seed)
    if not isinstance(source, DataLoader | IterableDataset):
        # Items that are not chosen need not be read again, nor at all where labels are given.
        places = np.sort(np.concatenate(chosen))
        loader, found = _loader(Subset(source, places.tolist())), found[places]
        chosen, labels = chosen_of(found, None, seed), found
    names = different_labels(found)
    parts = _picked(loader, None if labels is None else found, names, _ranks(found, chosen), dtype)
    return dict(zip(map(str, names), parts, strict=True))


def _loader(source: Any) -> DataLoader:
    return source if isinstance(source, DataLoader) else DataLoader(source, batch_size=BATCH)


def _require_order(loader: DataLoader) -> None:
    batches = loader.batch_sampler
    # A sampler of batches of any other class decides the order by itself.
    sampler = batches.sampler if type(batches) is BatchSampler else batches or loader.sampler
    if not isinstance(loader.dataset, IterableDataset) and not isinstance(sampler, SequentialSampler):
        raise ActivationError(
            f"labels are given for a loader that does not keep the order of its data set ({type(sampler).__name__}), so no one "
            "knows whose they are; pass labels=None and a loader of (inputs, labels), or shuffle=False"
        )


def _batches(loader: DataLoader) -> Iterator[tuple[Any, Any]]:
    """The inputs and the labels of each batch; labels are None where it has none."""
    try:
        yield from map(_parted, loader)
    except (TypeError, RuntimeError) as error:
        # Also of a worker's error, whose message has the lines of its traceback.
        if collate.__file__ not in "".join(traceback.format_exception(error)):
            raise
        reason = next((line.strip() for line in reversed(str(error).splitlines()) if line.strip()), "")
        raise ActivationError(
            f"items of the data set cannot be made one batch ({reason}): return tensors or numbers of one shape, resized or "
            "cropped by its transform, or pass a DataLoader whose collate_fn pads them"
        ) from error


def _parted(batch: Any) -> tuple[Any, Any]:
    if isinstance(batch, Mapping):
        labels = next((batch[name] for name in LABELS if name in batch), None)
        return {name: value for name, value in batch.items() if name not in LABELS}, labels
    if not isinstance(batch, tuple | list):
        return batch, None
    if len(batch) not in (1, 2):
        raise ActivationError(f"items of the data set have {len(batch)} parts; return (input, label), or a dict with a label")
    inputs, *labels = batch
    return inputs, labels[0] if labels else None


def _count(loader: DataLoader) -> int:
    if not isinstance(loader.dataset, IterableDataset) and not loader.drop_last:
        return len(loader.dataset)  # pyright: ignore[reportArgumentType]
    return sum(len(inputs_of(values)) for values, _ in _batches(loader))


def _labels_in(loader: DataLoader) -> np.ndarray:
    found = []
    for values, labels in _batches(loader):
        if labels is None:
            raise GeometryError("labels must be given for a data set whose items are inputs alone; pass one per input")
        found.append(labels_of(labels, len(inputs_of(values))))
    return np.concatenate(found) if found else np.zeros(0)


def _ranks(labels: np.ndarray, chosen: list[np.ndarray]) -> list[set[int]]:
    """The places of the chosen inputs among those of their class."""
    names = different_labels(labels)
    return [set(np.searchsorted(np.flatnonzero(labels == name), one).tolist()) for name, one in zip(names, chosen, strict=True)]


def _picked(loader: DataLoader, given: np.ndarray | None, names: np.ndarray, ranks: list[set[int]], dtype) -> list[Inputs]:
    """The inputs at the chosen places of each class, in one pass."""
    parts: list[list[Inputs]] = [[] for _ in names]
    seen, start = np.zeros(len(names), dtype=int), 0
    for values, labels in _batches(loader):
        batch = inputs_of(values, dtype)
        own = labels_of(labels, len(batch)) if given is None else given[start : start + len(batch)]
        start += len(batch)
        for i, label in enumerate(np.searchsorted(names, own)):
            if seen[label] in ranks[label]:
                parts[label].append(batch[torch.tensor([i])])
            seen[label] += 1
    if [len(one) for one in parts] != [len(one) for one in ranks]:
        raise ActivationError("the data set had other inputs in a second pass; pass one that can be read twice")
    return [joined(one) for one in parts]
