"""Accuracies of the groups at one checkpoint."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from empirical.train import Subject

QUANTITY = "accuracy"


def accuracies(model: nn.Module, subject: Subject) -> Iterator[tuple[str, str, float, float, int]]:
    """Accuracy of a network in evaluation mode: (group, choice, value, standard error, n).

    unpermuted: against true (and trained) labels. permuted: against the labels trained on. restored: the same images
    against their true labels. test: the halves "select" and "report". Groups without images are left out. The standard
    error is binomial, over images of one network.
    """
    labels = subject.labels
    predicted = _predict(model, subject.images)
    groups = {
        ("unpermuted", ""): (predicted == labels.true)[labels.unpermuted],
        ("permuted", ""): (predicted == labels.trained)[labels.permuted],
        ("restored", ""): (predicted == labels.true)[labels.permuted],
    }
    for half, (images, true) in subject.tests.items():
        groups["test", half] = _predict(model, images) == true.numpy()
    for (group, choice), correct in groups.items():
        if correct.size:
            share = float(correct.mean())
            yield group, choice, share, float(np.sqrt(share * (1 - share) / correct.size)), correct.size


def _predict(model: nn.Module, images: torch.Tensor) -> np.ndarray:
    with torch.no_grad():
        return model(images).argmax(1).numpy()
