"""Fewer images of each group, for what has to be run many times or needs a backward pass."""

from dataclasses import replace

import numpy as np
import torch

from empirical.labels import TrainingLabels
from empirical.train import Subject


def sampled(subject: Subject) -> Subject:
    """The subject with at most ``group_images`` of the images left alone, of those permuted, and of each half of the tests.

    They are drawn once per network, so that layers and epochs compare the same images; coincidences are drawn with the
    permuted ones. A subject that has no more is returned as it is.
    """
    most, rng = subject.spec.group_images, subject.spec.rng(subject.network, "group_images")
    labels = subject.labels
    groups = (labels.unpermuted, labels.permuted_all, *(np.arange(len(true)) for _, true in subject.tests.values()))
    if max(map(len, groups)) <= most:
        return subject
    unpermuted, permuted, *halves = (np.sort(_drawn(group, most, rng)) for group in groups)
    kept = np.sort(np.concatenate([unpermuted, permuted]))
    tests = {
        name: (images[torch.from_numpy(half)], true[torch.from_numpy(half)])
        for (name, (images, true)), half in zip(subject.tests.items(), halves, strict=True)
    }
    chosen = TrainingLabels(labels.true[kept], labels.trained[kept], labels.drawn[kept])
    return replace(subject, images=subject.images[torch.from_numpy(kept)], labels=chosen, tests=tests)


def _drawn(group: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    return rng.choice(group, min(most, len(group)), replace=False)
