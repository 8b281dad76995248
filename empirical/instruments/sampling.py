"""Fewer images of each group, for what has to be run many times or needs a backward pass."""

from dataclasses import replace

import numpy as np
import torch

from empirical.data.permuted_labels import TrainingLabels
from empirical.training.subject import Subject


def sampled(subject: Subject) -> Subject:
    """The subject with at most ``group_images`` of the training images left alone, and of those permuted.

    They are drawn once per network, so that layers and epochs compare the same images; coincidences are drawn with the
    permuted ones. The test images are all there, so that a rewound network is compared with the final one on the same.
    """
    most, rng = subject.spec.group_images, subject.spec.rng(subject.network, "group_images")
    labels = subject.labels
    groups = (labels.unpermuted, labels.permuted_all)
    if max(map(len, groups)) <= most:
        return subject
    kept = np.sort(np.concatenate([rng.choice(group, min(most, len(group)), replace=False) for group in groups]))
    chosen = TrainingLabels(labels.true[kept], labels.trained[kept], labels.drawn[kept])
    return replace(subject, images=subject.images[torch.from_numpy(kept)], labels=chosen)
