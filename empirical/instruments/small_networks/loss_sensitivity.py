"""How much the loss depends on each example that was trained on, through the training: the loss sensitivity.

Source: Arpit et al. 2017, section 3.2 and figures 3 and 4. The sensitivity to an example x at step t is the l1 norm of
dL_t/dx. L_t is the mean loss after t steps, on which x acts through the steps that used it
(:mod:`empirical.training.unrolled`). Nothing is read before the first epoch has ended: until then, examples that no step has
used have a sensitivity of 0, whatever the data.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch.nn import functional

from empirical.evidence.measurement import Reading
from empirical.evidence.names import KINDS, OWN_CLASSES, RAND_X, REAL, UNPERMUTED, packed
from empirical.instruments.accuracies import share_of
from empirical.instruments.small_networks.data_kinds import Examples, drawn_as, real_examples
from empirical.training import stacks
from empirical.training.subject import Subject
from empirical.training.unrolled import Trajectory, followed, image_gradients

WIDTH, BATCH, RATE = 16, 20, 0.1
# Epochs over which sensitivities are averaged, and the steps from one time to the next.
AVERAGED, EVERY = 10, 10
# Epochs after which the losses of single classes are followed back; the last ones are for noise, which is fitted slowly.
BY_CLASS = (1, 2, 3, 5, 7, 10, 14, 20, 25, 30)
# The epoch whose whole matrix of classes is kept.
KEPT = 10
# Groups of examples that the jackknife leaves out in turn.
GROUPS = 20


def sensitivity_readings(subject: Subject) -> Iterator[Reading]:
    """Gini coefficients of the sensitivities, the sensitivities by class, and accuracies, for every kind of data.

    Real images and noise are measured again with a class of its own for each example, as in the paper's figure 3, right.
    """
    real = real_examples(subject).shrunk()
    for kind in KINDS:
        examples = drawn_as(kind, real, subject)
        path = trained(examples, subject, BY_CLASS[-1])
        yield from gini_readings(path, kind)
        yield from class_readings(path, kind)
    for kind in (REAL, RAND_X):
        images = drawn_as(kind, real, subject).images
        own = Examples(images, np.arange(len(images)))
        yield from gini_readings(trained(own, subject, AVERAGED), packed(kind, OWN_CLASSES))


def trained(examples: Examples, subject: Subject, epochs: int) -> Trajectory:
    """The training of one network on the examples; it has the same initial hidden layers and order for every kind of data."""
    images, labels = examples.rows()[None], torch.from_numpy(examples.labels)[None]
    weights = subject.spec.rng(subject.network, "loss sensitivity, weights")
    stack = stacks.drawn(images.shape[2], WIDTH, int(labels.max()) + 1, [weights], torch.float32)
    orders = (subject.spec.rng(subject.network, "loss sensitivity, order", epoch) for epoch in range(epochs))
    batches = [
        batch for rng in orders for batch in torch.from_numpy(rng.permutation(labels.shape[1]))[None].split(BATCH, dim=1)
    ]
    return followed(stack, images, labels, batches, RATE)


def gini_readings(path: Trajectory, choice: str) -> Iterator[Reading]:
    """The Gini coefficient of the sensitivities, averaged from the end of the first epoch to that of each following one.

    The standard error is over examples.
    """
    n = path.images.shape[1]
    first = epoch_steps(path)
    times = range(first, AVERAGED * first + 1, EVERY)
    mean = path.images.new_full((1, 1, n), 1 / n)
    gradients = image_gradients(path, dict.fromkeys(times, mean))
    by_time = np.stack([sensitivities(gradients[time])[0] for time in times])
    for epoch in range(1, AVERAGED + 1):
        averaged = by_time[np.array(times) <= epoch * first].mean(axis=0)
        without = np.array([gini(np.delete(averaged, slice(part, None, GROUPS))) for part in range(GROUPS)])
        se = float(np.sqrt((GROUPS - 1) * without.var()))
        yield Reading("sensitivity_gini", UNPERMUTED, gini(averaged), se, n, choice, epoch=epoch)


def class_readings(path: Trajectory, choice: str) -> Iterator[Reading]:
    """The sensitivity of the loss of each class to the examples of each class, and the accuracy on the examples, by epoch.

    The ratio is the mean of the sensitivities to examples of other classes over the mean of those to the same class. Its
    standard error is over examples.
    """
    labels, steps = path.labels[0].numpy(), epoch_steps(path)
    members = functional.one_hot(path.labels).permute(2, 0, 1).to(path.images.dtype)
    losses = members / members.sum(-1, keepdim=True)
    gradients = image_gradients(path, {epoch * steps: losses for epoch in BY_CLASS})
    for epoch in BY_CLASS:
        of_classes = sensitivities(gradients[epoch * steps])
        without = [
            off_diagonal(class_means(np.delete(of_classes, left, 1), np.delete(labels, left)))
            for left in (slice(part, None, GROUPS) for part in range(GROUPS))
        ]
        matrix, se = class_means(of_classes, labels), float(np.sqrt((GROUPS - 1) * np.var(without)))
        yield Reading("sensitivity_ratio", UNPERMUTED, off_diagonal(matrix), se, len(labels), choice, epoch=epoch)
        right = (path.stacks[epoch * steps].predicted(path.images) == path.labels)[0].numpy()
        yield Reading("sensitivity_accuracy", UNPERMUTED, *share_of(right), choice, epoch=epoch)
        if epoch == KEPT:
            yield from matrix_readings(of_classes, labels, choice, epoch)


def matrix_readings(of_classes: np.ndarray, labels: np.ndarray, choice: str, epoch: int) -> Iterator[Reading]:
    """The sensitivity of the loss of class i to the examples of class j, as choice i-j; the error is over examples."""
    for j in np.unique(labels):
        values = of_classes[:, labels == j]
        for i, row in enumerate(values):
            mean, se = float(row.mean()), float(row.std(ddof=1) / np.sqrt(len(row)))
            yield Reading("class_sensitivity", UNPERMUTED, mean, se, len(row), packed(choice, f"{i}-{j}"), epoch=epoch)


def epoch_steps(path: Trajectory) -> int:
    """The number of steps of one epoch."""
    return -(-path.images.shape[1] // BATCH)


def sensitivities(gradients: torch.Tensor) -> np.ndarray:
    """The l1 norms of the derivatives with respect to the images of one network, float64, (losses, n)."""
    return gradients[:, 0].abs().sum(-1).double().numpy()


def gini(values: np.ndarray) -> float:
    """The Gini coefficient of values that are not negative, (n,): 0 where they are equal, 1 - 1/n where one has all."""
    ordered, n = np.sort(values), len(values)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum()))


def class_means(of_classes: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The mean sensitivity of the loss of class i to examples of class j, (C, C)."""
    return np.stack([of_classes[:, labels == j].mean(axis=1) for j in range(len(of_classes))], axis=1)


def off_diagonal(matrix: np.ndarray) -> float:
    """The mean of a square matrix beside its diagonal over the mean of its diagonal."""
    n, diagonal = len(matrix), np.trace(matrix)
    return float((matrix.sum() - diagonal) / (n - 1) / diagonal)
