"""Planted errors in the errors that small networks make after one epoch, and the claim that detects each on the digits."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tests.verify.planted.planted_error import PlantedError, formula

FIRST_EPOCHS = "empirical.instruments.small_networks.first_epochs"


def class_means(right: Callable) -> Callable:
    """Every real image replaced by the mean of its class and isotropic noise of the same size."""

    def examples(subject):
        real = right(subject)
        means = np.stack([real.images[real.labels == label].mean(axis=0) for label in range(subject.n_classes)])[real.labels]
        noise = np.random.default_rng(subject.network).standard_normal(means.shape) * (real.images - means).std()
        return replace(real, images=(means + noise).astype(np.float32))

    return examples


def one_start(right: Callable) -> Callable:
    """The streams of all trainings begun alike."""
    return lambda d, width, n_classes, streams, dtype: right(
        d, width, n_classes, [np.random.default_rng(0) for _ in streams], dtype
    )


SMALL_NETWORKS = [
    PlantedError(
        "class-means", "real images replaced by their class mean and isotropic noise", "A-01",
        formula(f"{FIRST_EPOCHS}.real_examples", class_means),
    ),
    PlantedError(
        "errors-before-training", "errors counted before the epoch, and not after it", "A-01",
        formula("empirical.training.stacks.one_epoch", lambda right: lambda *training: None),
    ),
    PlantedError(
        "one-initialization", "all trainings started from one network", "A-02",
        formula("empirical.training.stacks.drawn", one_start),
    ),
]  # fmt: skip
