"""Planted errors in measurements of networks, and the claim that detects each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import numpy as np

from empirical.data.permuted_labels import TrainingLabels
from tests.verify.planted.planted_error import Plant, PlantedError, formula


def groups(**changes: Callable[[TrainingLabels], np.ndarray]) -> Plant:
    """Groups of images replaced by other ones."""

    @contextmanager
    def plant() -> Iterator[None]:
        patches = [patch.object(TrainingLabels, name, property(change)) for name, change in changes.items()]
        for each in patches:
            each.start()
        try:
            yield
        finally:
            for each in patches:
                each.stop()

    return Plant("empirical.data.permuted_labels.TrainingLabels", plant)


class Leaked(TrainingLabels):
    """Labels trained on replaced by the true ones, the groups kept."""

    permuted = property(lambda self: np.flatnonzero(self.drawn))


def leaked(right):
    def accuracies(predicted, subject, quantity="accuracy"):
        known = subject.labels
        labels = Leaked(known.true, known.true, np.isin(np.arange(len(known.true)), known.permuted))
        return right(predicted, replace(subject, labels=labels), quantity)

    return accuracies


def by_trained_label(right):
    """Permuted images grouped by the label trained on where the true label is meant."""

    def members(subject):
        found = right(subject)
        return {**found, "restored": found["permuted"]}

    return members


def unshuffled(right):
    """The baseline's points left in their manifolds."""

    def manifolds(subject):
        found = right(subject)
        return {**found, ("permuted", "shuffled"): found["permuted", ""]}

    return manifolds


# The right groups, kept aside so that a wrong one can be made of them.
UNPERMUTED, PERMUTED = TrainingLabels.unpermuted.fget, TrainingLabels.permuted.fget  # type: ignore[attr-defined]

MEASURING = [
    PlantedError(
        "groups-swapped", "unpermuted and permuted images swapped", "S-01",
        groups(unpermuted=PERMUTED, permuted=UNPERMUTED),
    ),
    PlantedError(
        "labels-leaked", "permuted images scored against their true labels, as if none was memorized", "S-03",
        formula("empirical.instruments.accuracies.accuracies", leaked),
    ),
]  # fmt: skip

LAYERS = [
    PlantedError(
        "restored-by-trained-label", "restored images grouped by the label they were trained on", "S-12",
        formula("empirical.geometry.class_manifolds._members", by_trained_label),
    ),
    PlantedError(
        "baseline-unshuffled", "the null line of permuted manifolds taken from the manifolds themselves", "S-07",
        formula("empirical.geometry.readings.manifolds_of", unshuffled),
    ),
    PlantedError(
        "rewound-to-itself", "rewinding that leaves the final network as it is", "S-15",
        formula(
            "empirical.instruments.rewinding.rewind",
            lambda right: lambda final, earlier, names: right(final, final, names),
        ),
    ),
]  # fmt: skip

# Errors that no number shows, and the check or the half of the images that does: (name, what is wrong, what turns).
CHECKED = [
    ("train-mode", "training mode at measuring: the running statistics move", "every claim on the world: BROKEN"),
    ("seed-reused", "every network drawn from one seed", "every claim on the world: BROKEN"),
    ("part-forgotten", "the label-independent part left out of the gradient", "S-17 and S-19: BROKEN"),
    (
        "turning-point-leaked",
        "the turning point chosen on the half it is reported on",
        "S-02, where nothing is forgotten: SUPPORTED",
    ),
]
