"""The inputs of each class, from whatever inputs and labels someone has."""

from typing import Any

import torch

from empirical.activations.datasets import collected, is_dataset
from empirical.activations.inputs import Inputs, inputs_of
from empirical.activations.labels import Labels, chosen_of, different_labels, labels_of
from empirical.errors import ActivationError, GeometryError


def classes_of(
    inputs: Any, labels: Labels | None, n_points: int | None, seed: int, dtype: torch.dtype | None = None
) -> dict[str, Inputs]:
    """The inputs of each class, by its label in words, in the order of the labels.

    :param inputs: as :func:`empirical.activations.inputs.inputs_of` takes them, or a data set or loader of torch.
    :param labels: the class of each input, (n,); None stands for those of a data set.
    :param n_points: at most this many inputs of each class, drawn by ``seed``; None stands for all.
    :param dtype: of the model's weights.
    :raises ActivationError: inputs are of another kind.
    :raises GeometryError: labels do not fit the inputs, there are fewer than two classes, or ``n_points`` is below 2.
    """
    if is_dataset(inputs):
        return collected(inputs, labels, n_points, seed, dtype)
    if hasattr(inputs, "__next__"):
        raise ActivationError("inputs are a generator, which can be read once; pass a list, a tensor, or a DataLoader")
    found = inputs_of(inputs, dtype)
    if labels is None:
        raise GeometryError(
            "labels must be one per input; received None, and only data sets and loaders have labels of their own"
        )
    named = labels_of(labels, len(found))
    chosen = chosen_of(named, n_points, seed)
    return {str(label): found[torch.from_numpy(index)] for label, index in zip(different_labels(named), chosen, strict=True)}
