"""Which examples are misclassified after one epoch of training, over many trainings that differ by initialization and order.

Source: Arpit et al. 2017, section 3.1 and figure 1. Errors are counted on the examples that were trained on. Standard errors
are over trainings, and say nothing about other images.
"""

from collections.abc import Iterator

import numpy as np
import torch

from empirical.evidence.measurement import Reading
from empirical.evidence.names import KINDS, RAND_X, UNPERMUTED, packed
from empirical.instruments.small_networks.data_kinds import Examples, drawn_as, real_examples
from empirical.training import stacks
from empirical.training.subject import Subject

RUNS, STACKED = 100, 25
WIDTH, BATCH, RATE, HIGHER_RATE = 64, 16, 0.01, 0.03
# The kind and the learning rate of each choice.
SETTINGS = {**{kind: (kind, RATE) for kind in KINDS}, packed(RAND_X, f"rate {HIGHER_RATE}"): (RAND_X, HIGHER_RATE)}
QUANTILES = np.linspace(0, 1, 21)
# Groups of trainings that the jackknife leaves out in turn.
GROUPS = 20


def first_epoch_readings(subject: Subject) -> Iterator[Reading]:
    """The distribution of misclassification counts over examples, for every kind of data."""
    real = real_examples(subject)
    for choice, (kind, rate) in SETTINGS.items():
        examples = drawn_as(kind, real, subject)
        yield from count_readings(misclassified(examples, subject, rate), examples.labels, choice)


def misclassified(examples: Examples, subject: Subject, rate: float) -> np.ndarray:
    """Whether each training misclassifies each example after its epoch, bool, (trainings, n).

    Trainings of one number start from one initialization and have one order, whatever the kind of data.

    :param rate: learning rate.
    """
    images, labels = examples.rows(), torch.from_numpy(examples.labels)
    wrong = []
    for runs in np.arange(RUNS).reshape(-1, STACKED).tolist():
        weights, orders = (
            [subject.spec.rng(subject.network, f"first epochs, {what}", run) for run in runs] for what in ("weights", "order")
        )
        stack = stacks.drawn(images.shape[1], WIDTH, subject.n_classes, weights, torch.float32)
        seen = torch.from_numpy(np.stack([rng.permutation(len(labels)) for rng in orders]))
        shown, targets = images.expand(len(runs), -1, -1), labels.expand(len(runs), -1)
        stacks.one_epoch(stack, shown, targets, seen, BATCH, rate)
        wrong.append(stack.predicted(shown) != targets)
    return torch.cat(wrong).numpy()


def count_readings(wrong: np.ndarray, labels: np.ndarray, choice: str) -> Iterator[Reading]:
    """The readings of one kind of data.

    :param wrong: as :func:`misclassified` returns it.
    :param labels: of the examples, with equally many of each class, (n,).
    """
    n_runs, parts = len(wrong), np.arange(len(wrong)) % GROUPS
    found = statistics(wrong, labels)
    without = [statistics(wrong[parts != part], labels) for part in range(GROUPS)]
    for (quantity, detail), value in found.items():
        left = np.array([one[quantity, detail] for one in without])
        se = float(np.sqrt((GROUPS - 1) * left.var()))
        yield Reading(quantity, UNPERMUTED, value, se, n_runs, packed(choice, detail), epoch=1)
    for quantity, count in (("trainings", n_runs), ("images_per_class", len(labels) // len(np.unique(labels)))):
        yield Reading(quantity, UNPERMUTED, count, 0.0, count, choice, epoch=1)


def statistics(wrong: np.ndarray, labels: np.ndarray) -> dict[tuple[str, str], float]:
    """What is measured of right and wrong, by quantity and detail of the choice; parameters as for :func:`count_readings`.

    The dispersion is the variance of the counts within classes, divided by the sum of what each training adds to it by itself.
    It is 1 on average if no example is easier than another of its class, and rises as trainings agree on which ones are.
    """
    classes = np.unique(labels)
    counts, rate = wrong.sum(axis=0), wrong.mean()
    shares = np.stack([wrong[:, labels == label].mean(axis=1) for label in classes])
    within = np.mean([counts[labels == label].var() for label in classes])
    found = {
        ("misclassification_rate", ""): rate,
        ("misclassification_dispersion", ""): within / np.mean((shares * (1 - shares)).sum(axis=1)),
        ("misclassification_index", ""): counts.var(ddof=1) / (len(wrong) * rate * (1 - rate)),
    }
    for label, share in zip(classes, shares, strict=True):
        found["misclassification_class_rate", str(label)] = share.mean()
        found["misclassification_class_swing", str(label)] = share.var()
    for quantile, value in zip(QUANTILES, np.quantile(counts / len(wrong), QUANTILES), strict=True):
        found["misclassification_quantile", f"{quantile:g}"] = value
    return {key: float(value) for key, value in found.items()}
