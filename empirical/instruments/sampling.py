"""Samples of images: of the groups trained on, for measurements that run many times; and of the test images, for rewinding."""

from dataclasses import replace

import numpy as np
import torch

from empirical.data.permuted_labels import TrainingLabels
from empirical.training.subject import Subject


def sampled(subject: Subject) -> Subject:
    """The subject with at most ``group_images`` unpermuted and as many permuted training images.

    The sample is drawn once for each network, so that layers and epochs are compared on fixed images. Coincidences are drawn
    with the permuted images. All test images are kept.
    """
    most, rng = subject.spec.group_images, subject.spec.rng(subject.network, "group_images")
    labels = subject.labels
    groups = (labels.unpermuted, labels.permuted_all)
    if max(map(len, groups)) <= most:
        return subject
    kept = np.sort(np.concatenate([rng.choice(group, min(most, len(group)), replace=False) for group in groups]))
    chosen = TrainingLabels(labels.true[kept], labels.trained[kept], labels.drawn[kept])
    return replace(subject, images=subject.images[torch.from_numpy(kept)], labels=chosen, noisy=subject.noisy[kept])


def with_fewer_tests(subject: Subject) -> Subject:
    """The subject with at most ``rewound_images`` test images of each half, drawn once for each network."""
    most, rng = subject.spec.rewound_images, subject.spec.rng(subject.network, "rewound_images")
    if max(len(true) for _, true in subject.tests.values()) <= most:
        return subject
    tests = {}
    for half, (images, true) in subject.tests.items():
        kept = torch.from_numpy(np.sort(rng.choice(len(true), min(most, len(true)), replace=False)))
        tests[half] = images[kept.to(images.device)], true[kept]
    return replace(subject, tests=tests)
