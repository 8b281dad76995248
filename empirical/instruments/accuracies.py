"""Accuracies of the groups at one checkpoint, and the standard error of a share of images."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from empirical.evidence.measurement import Reading
from empirical.evidence.names import PERMUTED, RESTORED, TEST, UNPERMUTED
from empirical.geometry.activations import BATCH
from empirical.training.subject import Subject


def predict(model: nn.Module, subject: Subject) -> np.ndarray:
    """The class a network assigns to each of the subject's images, training images first: (n,)."""
    with torch.no_grad():
        return torch.cat([model(batch).argmax(1) for batch in subject.all_images().split(BATCH)]).cpu().numpy()


def accuracies(predicted: np.ndarray, subject: Subject, quantity: str = "accuracy") -> Iterator[Reading]:
    """Accuracy of every group.

    unpermuted: against true (and trained) labels. permuted: against the labels trained on. restored: the same images
    against their true labels. test: the halves "select" and "report". Groups without images are left out. The standard
    error is binomial, over images of one network.

    :param predicted: as :func:`predict` returns it.
    """
    labels, n_train = subject.labels, len(subject.images)
    trained, rest = predicted[:n_train], predicted[n_train:]
    groups = {
        (UNPERMUTED, ""): (trained == labels.true)[labels.unpermuted],
        (PERMUTED, ""): (trained == labels.trained)[labels.permuted],
        (RESTORED, ""): (trained == labels.true)[labels.permuted],
    }
    for half, (images, true) in subject.tests.items():
        groups[TEST, half] = rest[: len(images)] == true.numpy()
        rest = rest[len(images) :]
    for (group, choice), correct in groups.items():
        if correct.size:
            yield Reading(quantity, group, *share_of(correct), choice)


def share_of(correct: np.ndarray) -> tuple[float, float, int]:
    """The share of images that are correct, its binomial standard error, and how many they are."""
    share = float(correct.mean())
    return share, float(np.sqrt(share * (1 - share) / correct.size)), correct.size
