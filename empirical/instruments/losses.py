"""Losses of the groups at one checkpoint: the mean cross-entropy, in evaluation mode and without regularizers."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from empirical.evidence.measurement import Reading
from empirical.evidence.names import PERMUTED, RESTORED, TEST, UNPERMUTED
from empirical.training.subject import Subject


def loss_readings(outputs: Tensor, subject: Subject) -> Iterator[Reading]:
    """The mean cross-entropy of every group that has images, in nats; the groups and labels are those of the accuracies.

    The standard error is over images of one network.

    :param outputs: logits of all images, training images first, (n, C), as
        :func:`empirical.instruments.accuracies.logits_of` returns them.
    """
    labels, halves = subject.labels, list(subject.tests.items())
    trained, *tests = outputs.split([len(subject.images), *(len(images) for _, (images, _) in halves)])
    groups = {
        (UNPERMUTED, ""): (trained[labels.unpermuted], labels.true[labels.unpermuted]),
        (PERMUTED, ""): (trained[labels.permuted], labels.trained[labels.permuted]),
        (RESTORED, ""): (trained[labels.permuted], labels.true[labels.permuted]),
        **{(TEST, half): (logits, true.numpy()) for logits, (half, (_, true)) in zip(tests, halves, strict=True)},
    }
    for (group, choice), (logits, targets) in groups.items():
        if len(targets):
            losses = functional.cross_entropy(logits.double(), torch.from_numpy(targets), reduction="none").numpy()
            yield Reading("loss", group, float(losses.mean()), _standard_error(losses), len(losses), choice)


def _standard_error(values: np.ndarray) -> float:
    """The standard error of a mean, (n,) -> number; 0 for one value, which does not say how much values scatter."""
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
