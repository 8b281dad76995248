"""Accuracies of the groups at one checkpoint, and the standard error of a share of images."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from empirical.activations.recording import BATCH
from empirical.evidence.measurement import Reading
from empirical.evidence.names import PERMUTED, RESTORED, TEST, UNPERMUTED
from empirical.training.subject import Subject


def logits_of(model: nn.Module, subject: Subject) -> Tensor:
    """The logits of each image, training images first, (n, C), on the processor."""
    with torch.no_grad():
        return torch.cat([model(batch) for batch in subject.all_images().split(BATCH)]).cpu()


def predict(model: nn.Module, subject: Subject) -> np.ndarray:
    """The class that the network assigns to each image, training images first, (n,)."""
    return logits_of(model, subject).argmax(1).numpy()


def accuracies(predicted: np.ndarray, subject: Subject, quantity: str = "accuracy") -> Iterator[Reading]:
    """The accuracy of every group that has images.

    The group "unpermuted" is compared with its true labels, which are also the labels trained on. The group "permuted" is
    compared with the labels trained on, and "restored" compares these images with their true labels. The group "test" has one
    accuracy for each half, "select" and "report". The standard error is binomial, over images of one network.

    :param predicted: as :func:`predict` returns it.
    :param quantity: name of the quantity in the readings.
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
    """The share of true values, its binomial standard error, and the number of values.

    :param correct: bool, (n,).
    """
    share = float(correct.mean())
    return share, float(np.sqrt(share * (1 - share) / correct.size)), correct.size
