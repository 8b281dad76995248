"""Readings of the gradients of the unpermuted and the permuted images at one checkpoint.

The choice "standard" is evaluation mode. "batch_statistics" normalizes by the group's own statistics, as training does.
"zero_logits" subtracts the network's own output.
"""

import copy
from collections.abc import Iterator
from itertools import combinations_with_replacement

import torch
from torch import Tensor, nn

from empirical.evidence.measurement import Reading
from empirical.evidence.names import BATCH_STATISTICS, COMPARED, PERMUTED_ALL, STANDARD, UNPERMUTED, ZERO_LOGITS
from empirical.instruments import autograd
from empirical.instruments.autograd import GroupGradient
from empirical.training.subject import Subject

PARTS = {"": "whole", "_label_independent": "label_independent", "_label_dependent": "label_dependent"}
# Whole and parts of a gradient are two float32 computations of the same sum.
PARTS_ACCURACY = 1e-4
ALIGNED_BATCHES = 8


def gradient_readings(model: nn.Module, subject: Subject, choice: str) -> tuple[list[Reading], bool]:
    """The norms of both groups' gradients and of their parts, and their cosines; whether whole and parts add up.

    The numbers are exact for the groups.

    :param choice: "standard", "batch_statistics" or "zero_logits".
    """
    variant = in_training_mode(model) if choice == BATCH_STATISTICS else model
    readings, found = [], {}
    for group in (UNPERMUTED, PERMUTED_ALL):
        images, labels = members(subject, group)
        if len(images):
            found[group] = autograd.group_gradient(variant, images, labels, zero_logits=choice == ZERO_LOGITS)
            readings += _norms(found[group], group, choice, len(images))
    if len(found) == 2:
        readings += _comparisons(found[UNPERMUTED], found[PERMUTED_ALL], choice, len(subject.images))
    return readings, all(one.parts_error() < PARTS_ACCURACY for one in found.values())


def _norms(gradient: GroupGradient, group: str, choice: str, n: int) -> Iterator[Reading]:
    for suffix, part in PARTS.items():
        for layer, vector in getattr(gradient, part).items():
            yield Reading(f"gradient_norm{suffix}", group, float(vector.norm()), 0.0, n, choice, layer)


def _comparisons(unpermuted: GroupGradient, permuted: GroupGradient, choice: str, n: int) -> Iterator[Reading]:
    for suffix, part in PARTS.items():
        one, other = getattr(unpermuted, part), getattr(permuted, part)
        for layer in one:
            cosine = float(one[layer] @ other[layer] / (one[layer].norm() * other[layer].norm()))
            yield Reading(f"gradient_cosine{suffix}", COMPARED, cosine, 0.0, n, choice, layer)
            if part == "label_independent":
                distance = float((one[layer] - other[layer]).norm() / one[layer].norm())
                yield Reading("label_independent_distance", COMPARED, distance, 0.0, n, choice, layer)


def alignment_readings(model: nn.Module, subject: Subject, epoch: int) -> Iterator[Reading]:
    """The mean cosine between minibatch gradients of one group, with batch statistics, as in training."""
    variant, rng = in_training_mode(model), subject.spec.rng(subject.network, "alignment", epoch)
    for group in (UNPERMUTED, PERMUTED_ALL):
        images, labels = members(subject, group)
        size = min(subject.spec.batch_size, len(images) // ALIGNED_BATCHES)
        if size < 2:
            continue
        order = torch.from_numpy(rng.permutation(len(images))[: size * ALIGNED_BATCHES])
        for layer, (cosine, se) in autograd.minibatch_alignment(variant, images, labels, order.split(size)).items():
            yield Reading("minibatch_alignment", group, cosine, se, ALIGNED_BATCHES, BATCH_STATISTICS, layer)


def permutation_readings(model: nn.Module, subject: Subject) -> Iterator[Reading]:
    """Moments of the permuted gradient over permutations, and the quantities that determine them.

    The latter are the squared norm of pulled-back cotangents, the mean gradient, and the counts of labels.
    """
    images, labels = members(subject, PERMUTED_ALL)
    if len(images) < 2:
        return
    n, draws = len(images), subject.spec.gradient_permutations
    rng = subject.spec.rng(subject.network, "gradient_permutations")
    for layer, moments in autograd.permutation_moments(model, images, labels, draws, rng).items():
        yield Reading("permuted_gradient_variance", PERMUTED_ALL, *moments.variance, draws, layer=layer)
        yield Reading("permuted_gradient_second_moment", PERMUTED_ALL, *moments.second_moment, draws, layer=layer)
    for label, count in enumerate(torch.bincount(labels, minlength=subject.n_classes).tolist()):
        yield Reading("label_count", PERMUTED_ALL, float(count), 0.0, n, str(label))
    rng = subject.spec.rng(subject.network, "cotangents")
    for layer, (square, se) in autograd.cotangent_squares(model, images, labels, draws, rng).items():
        yield Reading("cotangent_variance", PERMUTED_ALL, square, se, draws, layer=layer)
    for choice in (STANDARD, ZERO_LOGITS):
        mean = autograd.mean_permuted_gradient(model, images, labels, zero_logits=choice == ZERO_LOGITS)
        for layer, vector in mean.items():
            yield Reading("mean_permuted_gradient", PERMUTED_ALL, float(vector.norm()), 0.0, n, choice, layer)


def jacobian_readings(model: nn.Module, subject: Subject) -> Iterator[Reading]:
    """Moments of the Jacobians, which determine the moments of the permuted gradient without random draws.

    They take one backward pass for each image and logit, and therefore need a small network.
    """
    images, _ = members(subject, PERMUTED_ALL)
    if len(images) < 2:
        return
    n, pairs = len(images), list(combinations_with_replacement(range(subject.n_classes), 2))
    for layer, moments in autograd.jacobian_moments(model, images).items():
        for quantity, matrix in (("jacobian_scatter", moments.scatter), ("jacobian_mean_gram", moments.mean_gram)):
            for one, other in pairs:
                yield Reading(quantity, PERMUTED_ALL, float(matrix[one, other]), 0.0, n, f"{one}-{other}", layer)


def members(subject: Subject, group: str) -> tuple[Tensor, Tensor]:
    """The images of a group, and the labels that the network is trained on for them."""
    index = torch.from_numpy(getattr(subject.labels, group))
    return subject.images[index], torch.from_numpy(subject.labels.trained)[index].to(subject.images.device)


def in_training_mode(model: nn.Module) -> nn.Module:
    """A copy of the model in training mode; a copy, because a forward pass in training mode changes the running statistics."""
    return copy.deepcopy(model).train()
