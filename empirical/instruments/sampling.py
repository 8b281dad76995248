"""A sample of the images of each group, for measurements that run many times or need a backward pass."""

from dataclasses import replace

import numpy as np
import torch

from empirical.data.permuted_labels import TrainingLabels
from empirical.training.subject import Subject


def sampled(subject: Subject) -> Subject:
    """The subject with at most ``group_images`` unpermuted and as many permuted training images.

    The sample is drawn once for each network, so that layers and epochs are compared on fixed images. Coincidences are drawn
    with the permuted images. All test images are kept, so that a rewound network and the final network are compared on the same
    test images.
    """
    most, rng = subject.spec.group_images, subject.spec.rng(subject.network, "group_images")
    labels = subject.labels
    groups = (labels.unpermuted, labels.permuted_all)
    if max(map(len, groups)) <= most:
        return subject
    kept = np.sort(np.concatenate([rng.choice(group, min(most, len(group)), replace=False) for group in groups]))
    chosen = TrainingLabels(labels.true[kept], labels.trained[kept], labels.drawn[kept])
    return replace(subject, images=subject.images[torch.from_numpy(kept)], labels=chosen, noisy=subject.noisy[kept])
