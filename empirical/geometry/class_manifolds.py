"""The images of each manifold: a class manifold is the activations of some images of one class, from one group of images.

All groups have equal numbers of points per class. They are drawn once for each network, so that groups, layers and epochs are
compared on fixed images. The permuted group has a shuffled baseline: its points under shuffled labels, in the same layer. Like
a permuted label, a shuffled label is never the true label.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from empirical.activations.recording import activations
from empirical.errors import GeometryError
from empirical.evidence.names import (
    HALF_CLASSES,
    HALF_POINTS,
    OTHER_POINTS,
    PERMUTED,
    REPORT,
    RESTORED,
    SELECT,
    SHUFFLED,
    TEST,
    UNPERMUTED,
)
from empirical.training.subject import Subject

Clouds = Any  # (P, M, N), a numpy array or a tensor on a GPU
Labels = Tensor | np.ndarray | Sequence  # (n,), the class of each input
Chosen = dict[tuple[str, str], np.ndarray]  # (group, choice) -> (P, M), indices of images

FEWEST_POINTS = 2
FEWEST_CLASSES = 2
ENLARGE = {
    UNPERMUTED: "raise train_images, or lower permuted_fraction",
    PERMUTED: "raise train_images or permuted_fraction",
    RESTORED: "raise train_images or permuted_fraction",
    TEST: "lower train_images",
}


def manifolds_of(subject: Subject, variant: str = "") -> Chosen:
    """The images of each manifold: (group, choice) -> indices into the subject's images, (P, M).

    M is ``geometry_points``, or the size of the smallest class of any group if that is smaller.

    :param variant: another choice of images, from :data:`empirical.evidence.names.VARIANTS`: other points of each class, half
        as many points, or half of the classes.
    :raises GeometryError: a class has fewer than two images in some group.
    """
    members = _members(subject)
    if variant == HALF_CLASSES:
        members = {group: classes[: (len(classes) + 1) // 2] for group, classes in members.items()}
    n_points = min(subject.spec.geometry_points, _fewest(subject, members))
    if variant == HALF_POINTS:
        n_points = max(n_points // 2, FEWEST_POINTS)
    index = (1,) if variant == OTHER_POINTS else ()
    rng = subject.spec.rng(subject.network, "geometry_points", *index)
    chosen = {
        (group, ""): np.stack([rng.choice(one, n_points, replace=False) for one in classes])
        for group, classes in members.items()
    }
    if (PERMUTED, "") in chosen:
        drawn = chosen[PERMUTED, ""]
        true = subject.labels.true[drawn.ravel()]
        chosen[PERMUTED, SHUFFLED] = drawn.ravel()[_shuffled(true, len(drawn), rng)].reshape(drawn.shape)
    return chosen


def _members(subject: Subject) -> dict[str, list[np.ndarray]]:
    """The images of every group, class by class; test images are those of the half "report"."""
    labels = subject.labels
    images, true = subject.tests[REPORT]
    report = len(subject.images) + len(subject.tests[SELECT][0]) + np.arange(len(images))
    groups = {
        UNPERMUTED: (labels.unpermuted, labels.true[labels.unpermuted]),
        PERMUTED: (labels.permuted, labels.trained[labels.permuted]),
        RESTORED: (labels.permuted, labels.true[labels.permuted]),
        TEST: (report, true.numpy()),
    }
    return {
        group: [index[classes == label] for label in range(subject.n_classes)]
        for group, (index, classes) in groups.items()
        if len(index)
    }


def _fewest(subject: Subject, members: dict[str, list[np.ndarray]]) -> int:
    """The size of the smallest class of any group.

    :raises GeometryError: the class is too small for a manifold; the message names it, and says how to enlarge it.
    """
    sizes = {group: [len(one) for one in classes] for group, classes in members.items()}
    fewest = min(min(counts) for counts in sizes.values())
    if fewest < FEWEST_POINTS:
        group, label = next((group, counts.index(fewest)) for group, counts in sizes.items() if min(counts) == fewest)
        raise GeometryError(
            f"network {subject.network}: class {label} has {fewest} images in group {group}, and a manifold needs "
            f"{FEWEST_POINTS} or more points; {ENLARGE[group]} (now {subject.spec.train_images} of "
            f"{len(subject.all_images())} images, permuted_fraction {subject.spec.permuted_fraction:g})"
        )
    return fewest


def _shuffled(true: np.ndarray, n_classes: int, rng: np.random.Generator) -> np.ndarray:
    """A random order of the points in classes of equal size, with no point in its true class, as in the permuted group."""
    order, label = rng.permutation(len(true)), np.repeat(np.arange(n_classes), len(true) // n_classes)
    while len(own := np.flatnonzero(true[order] == label)):
        one, other = own[0], rng.integers(len(order))
        # The exchange corrects the first point and leaves the second point correct.
        if true[order[other]] != label[one] and true[order[one]] != label[other]:
            order[[one, other]] = order[[other, one]]
    return order


def manifold_activations(
    model: nn.Module, subject: Subject, chosen: Chosen, names: Sequence[str], epoch: int
) -> Iterator[tuple[str, tuple[str, str], Clouds]]:
    """The class manifolds of each layer and group, one at a time: layer, (group, choice), clouds (P, M, N) in float64.

    Clouds are numpy arrays if the network is on the processor. If it is on a GPU they are tensors there, and their geometry is
    computed there.

    :param chosen: as :func:`manifolds_of` returns it; only its images are run through the network.
    :param names: names of layers.
    :raises ActivationError: see :func:`empirical.activations.recording.recording`.
    """
    images, place = np.unique(np.concatenate([index.ravel() for index in chosen.values()]), return_inverse=True)
    places = np.split(place, np.cumsum([index.size for index in chosen.values()])[:-1])
    features = activations(model, subject.all_images()[torch.from_numpy(images)], names, epoch)
    for layer, values in features.items():
        for (pair, index), where in zip(chosen.items(), places, strict=True):
            yield layer, pair, placed(values[torch.from_numpy(where.reshape(index.shape)).to(values.device)].double())


def placed(values: Tensor) -> Any:
    """The values on their device, as the geometry takes them: a numpy array on the processor, the tensor itself elsewhere."""
    return values.numpy() if values.device.type == "cpu" else values


def on_host(clouds: Clouds) -> np.ndarray:
    """The clouds as a numpy array, for computations that run on the processor only.

    :param clouds: as :func:`manifold_activations` yields them.
    """
    return clouds.cpu().numpy() if isinstance(clouds, Tensor) else clouds


def wanted(chosen: Chosen, groups: Iterable[str], choice: str = "") -> Chosen:
    """The manifolds of some of the groups; for a network changed by an intervention, without the shuffled baseline.

    :param chosen: as :func:`manifolds_of` returns it.
    :param choice: the name of the intervention, or "".
    """
    return {pair: index for pair, index in chosen.items() if pair[0] in groups and not (choice and pair[1])}


def points_of(chosen: Chosen) -> int:
    """M, the number of points of every manifold."""
    return min(index.shape[1] for index in chosen.values())


def class_names(labels: Labels) -> list[str]:
    """The labels of the classes as text, in the order of :func:`classes_of`."""
    return [str(name) for name in np.unique(labels.cpu().numpy() if isinstance(labels, Tensor) else np.asarray(labels))]


def classes_of(inputs: Tensor, labels: Labels, n_points: int | None, seed: int) -> list[Tensor]:
    """The inputs of each class, in the order of the labels: tensors (M_i, ...).

    :param inputs: (n, ...).
    :param labels: the class of each input, (n,).
    :param n_points: at most this many inputs of each class, drawn by ``seed``; None stands for all.
    :raises GeometryError: labels do not fit the inputs, there are fewer than two classes, or ``n_points`` is below 2.
    """
    if not isinstance(inputs, Tensor):
        raise GeometryError(f"inputs must be one tensor, (n, ...); received {type(inputs).__name__}")
    labels = labels.cpu().numpy() if isinstance(labels, Tensor) else np.asarray(labels)
    if labels.shape != (len(inputs),):
        raise GeometryError(f"labels must be one per input, ({len(inputs)},); received shape {labels.shape}")
    if n_points is not None and n_points < FEWEST_POINTS:
        raise GeometryError(f"n_points must be at least {FEWEST_POINTS}, or None for all; received {n_points}")
    names, rng = np.unique(labels), np.random.default_rng(seed)
    if len(names) < FEWEST_CLASSES:
        raise GeometryError(f"labels must name two classes or more; received {len(names)}")
    chosen = [np.flatnonzero(labels == name) for name in names]
    if n_points is not None:
        chosen = [one if len(one) <= n_points else np.sort(rng.choice(one, n_points, replace=False)) for one in chosen]
    return [inputs[torch.from_numpy(index).to(inputs.device)] for index in chosen]
