"""Geometry of the class manifolds of every group in every layer: the door from this room to the theory.

Each group of images has as many points per class as every other, drawn once per network, so that groups, layers and epochs
compare the same images. Beside the permuted group stands its null line: the same points of the same layer, their labels
shuffled, and like the permuted ones never the true ones.
"""

import warnings
from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import nn

from empirical.activations import activations
from empirical.errors import GeometryError
from empirical.measurements import Reading
from empirical.train import Subject
from theory.anchors import Uncertified
from theory.manifold import ManifoldGeometry, manifold_geometry

GROUPS = ("unpermuted", "permuted", "restored", "test")
NULL = "shuffled"
QUANTITIES = ("capacity", "radius", "dimension")
FEWEST_POINTS = 2
ENLARGE = {
    "unpermuted": "raise train_images, or lower permuted_fraction",
    "permuted": "raise train_images or permuted_fraction",
    "restored": "raise train_images or permuted_fraction",
    "test": "lower train_images",
}


def geometry_readings(
    model: nn.Module, subject: Subject, names: list[str], epoch: int, groups: Iterable[str] = GROUPS, choice: str = ""
) -> Iterator[Reading]:
    """Capacity, radius and dimension (margin 0, no correction of centres) of the groups in the named layers.

    Standard errors are those of averaging over probes. The permuted group's shuffled baseline has the choice "shuffled".

    :raises GeometryError: what cannot be measured, naming network, epoch, layer and group.
    """
    chosen = manifolds_of(subject)
    seed = int(subject.spec.rng(subject.network, "geometry_probes").integers(2**32))
    features = activations(model, subject.all_images(), names, epoch)
    worst = 0.0
    for layer, values in features.items():
        for group, index in _wanted(chosen, groups, choice):
            clouds = values[torch.from_numpy(index)].double().numpy()
            where = f"network {subject.network}, epoch {epoch}, layer {layer}, group {' '.join(group).strip()}"
            found = _measure(clouds, subject.spec.geometry_probes, seed, where)
            worst = max(worst, found.kkt_residual)
            for quantity in QUANTITIES:
                estimate = getattr(found, quantity)
                yield Reading(quantity, group[0], estimate.value, estimate.se, estimate.n, group[1] or choice, layer)
    yield Reading("kkt_residual", "all", worst, 0.0, len(names), choice)


def _wanted(chosen, groups, choice):
    """The groups asked for; after an intervention (a choice of its own) the null line is left out."""
    return [(pair, index) for pair, index in chosen.items() if pair[0] in groups and not (choice and pair[1])]


def _measure(clouds, n_probes, seed, where) -> ManifoldGeometry:
    with warnings.catch_warnings():
        # The board says how many classes there are.
        warnings.filterwarnings("ignore", message=".*the theory is a limit of many")
        try:
            return manifold_geometry(clouds, n_probes=n_probes, seed=seed)
        except (ValueError, Uncertified) as error:
            raise GeometryError(f"{where}: {error}") from error


def manifolds_of(subject: Subject) -> dict[tuple[str, str], np.ndarray]:
    """Which images make up which manifold: (group, choice) -> indices into the subject's images, (P, M).

    M is ``geometry_points``, or the smallest class of any group where that is smaller.

    :raises GeometryError: a class has fewer than two images in some group.
    """
    members = _members(subject)
    sizes = {group: [len(one) for one in classes] for group, classes in members.items()}
    fewest = min(min(counts) for counts in sizes.values())
    if fewest < FEWEST_POINTS:
        group, label = next((g, c.index(min(c))) for g, c in sizes.items() if min(c) == fewest)
        raise GeometryError(
            f"network {subject.network}: class {label} has {fewest} images in group {group}, and a manifold needs "
            f"{FEWEST_POINTS} or more; {ENLARGE[group]} (now {subject.spec.train_images} of "
            f"{len(subject.all_images())} images, permuted_fraction {subject.spec.permuted_fraction:g})"
        )
    rng, n_points = subject.spec.rng(subject.network, "geometry_points"), min(subject.spec.geometry_points, fewest)
    chosen = {
        (group, ""): np.stack([rng.choice(one, n_points, replace=False) for one in classes])
        for group, classes in members.items()
    }
    if ("permuted", "") in chosen:
        drawn = chosen["permuted", ""]
        true = subject.labels.true[drawn.ravel()]
        chosen["permuted", NULL] = drawn.ravel()[_shuffled(true, len(drawn), rng)].reshape(drawn.shape)
    return chosen


def _shuffled(true: np.ndarray, n_classes: int, rng: np.random.Generator) -> np.ndarray:
    """Places for points, classes of equal size in turn, at random, but none under its true label: as the permuted group is."""
    order, label = rng.permutation(len(true)), np.repeat(np.arange(n_classes), len(true) // n_classes)
    while len(own := np.flatnonzero(true[order] == label)):
        one, other = own[0], rng.integers(len(order))
        # An exchange that settles the one and does not unsettle the other.
        if true[order[other]] != label[one] and true[order[one]] != label[other]:
            order[[one, other]] = order[[other, one]]
    return order


def _members(subject: Subject) -> dict[str, list[np.ndarray]]:
    """The images of every group, class by class; test images are those of the reported half."""
    labels = subject.labels
    report = len(subject.images) + len(subject.tests["select"][0]) + np.arange(len(subject.tests["report"][0]))
    groups = {
        "unpermuted": (labels.unpermuted, labels.true[labels.unpermuted]),
        "permuted": (labels.permuted, labels.trained[labels.permuted]),
        "restored": (labels.permuted, labels.true[labels.permuted]),
        "test": (report, subject.tests["report"][1].numpy()),
    }
    return {
        group: [index[classes == label] for label in range(subject.n_classes)]
        for group, (index, classes) in groups.items()
        if len(index)
    }
