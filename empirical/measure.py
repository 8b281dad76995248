"""Everything that is measured on one trained network: one pass over its checkpoints, a flat list of rows."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import nn

from empirical import checkpoints, gradients
from empirical.accuracies import accuracies
from empirical.measurements import Measurement, all_finite
from empirical.train import Subject

PERMUTED, UNPERMUTED = "permuted_all", "unpermuted"
# Whole and parts of a gradient are two float32 computations of the same sum.
PARTS_ACCURACY = 1e-4


def measure(subject: Subject, folder: Path) -> tuple[list[Measurement], dict[str, bool]]:
    """Measure one network at all its checkpoints.

    :returns: rows, and the checks made, by name; "quantity:what" concerns that quantity alone.
    :raises CheckpointError: a checkpoint is missing, truncated or altered.
    """
    rows: list[Measurement] = []
    checks = {"measuring_left_networks_unchanged": True, "gradient_norm:parts_add_up": True}
    row = _row_maker(subject)
    rows.append(row(0, "coincidence_share", PERMUTED, "", subject.labels.coincidence_share, 0.0, len(subject.images)))
    for epoch in subject.spec.checkpoint_epochs():
        model = subject.at(folder, epoch)
        before = checkpoints.digest(model.state_dict())
        for group, choice, value, se, n in accuracies(model, subject):
            rows.append(row(epoch, "accuracy", group, choice, value, se, n))
        if epoch in subject.spec.gradient_epochs():
            found, add_up = _gradient_rows(model, subject, epoch, row)
            rows += found
            checks["gradient_norm:parts_add_up"] &= add_up
        if epoch == 0:
            rows += _initial_rows(model, subject, row)
        checks["measuring_left_networks_unchanged"] &= checkpoints.digest(model.state_dict()) == before
    checks["no_nan"] = all_finite(rows)
    return rows, checks


def final_digest(subject: Subject, folder: Path) -> str:
    """Digest of the last epoch's weights, by which networks are told apart."""
    return checkpoints.digest(subject.at(folder, subject.spec.epochs).state_dict())


def _row_maker(subject: Subject) -> Callable[..., Measurement]:
    def row(epoch, quantity, group, choice, value, se, n):
        network, seed = subject.network, subject.spec.seed
        return Measurement(network, seed, epoch, "network", 1.0, group, choice, quantity, value, se, n)

    return row


def _members(subject: Subject, group: str) -> tuple[torch.Tensor, torch.Tensor]:
    index = torch.from_numpy(getattr(subject.labels, group))
    return subject.images[index], torch.from_numpy(subject.labels.trained)[index]


def _gradient_rows(model: nn.Module, subject: Subject, epoch: int, row) -> tuple[list[Measurement], bool]:
    """Norms of both groups' gradients and their parts, exact for the group; at initialization also with zero logits.

    "standard" is evaluation mode; "batch_statistics" normalizes by the group's own statistics, as training does.
    """
    rows, add_up = [], True
    # A copy, because a forward pass in training mode moves the running statistics.
    variants = {"standard": model, "batch_statistics": copy.deepcopy(model).train()}
    for choice in (*variants, "zero_logits") if epoch == 0 else variants:
        found, variant = {}, variants.get(choice, model)
        for group in (UNPERMUTED, PERMUTED):
            images, labels = _members(subject, group)
            if len(images):
                found[group] = gradients.group_gradient(variant, images, labels, zero_logits=choice == "zero_logits")
                add_up &= found[group].parts_error() < PARTS_ACCURACY
                rows += _norm_rows(found[group], epoch, group, choice, len(images), row)
        if len(found) == 2:
            distance = _relative_distance(found[UNPERMUTED].label_independent, found[PERMUTED].label_independent)
            n = len(subject.images)
            rows.append(row(epoch, "label_independent_distance", "unpermuted+permuted_all", choice, distance, 0.0, n))
    return rows, add_up


def _norm_rows(gradient: gradients.GroupGradient, epoch, group, choice, n, row) -> Iterator[Measurement]:
    parts = {
        "gradient_norm": gradient.whole,
        "gradient_norm_label_independent": gradient.label_independent,
        "gradient_norm_label_dependent": gradient.label_dependent,
    }
    return (row(epoch, quantity, group, choice, float(part.norm()), 0.0, n) for quantity, part in parts.items())


def _relative_distance(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).norm() / one.norm())


def _initial_rows(model: nn.Module, subject: Subject, row) -> Iterator[Measurement]:
    """What the theory of the permuted gradient needs, and what it predicts: Jacobian moments, variance over permutations."""
    images, labels = _members(subject, PERMUTED)
    if len(images) < 2:
        return
    n, draws = len(images), subject.spec.gradient_permutations
    rng = subject.spec.rng(subject.network, "gradient_permutations")
    variance, se = gradients.permuted_gradient_variance(model, images, labels, draws, rng)
    yield row(0, "permuted_gradient_variance", PERMUTED, "", variance, se, draws)
    moments = gradients.jacobian_moments(model, images)
    for label, count in enumerate(torch.bincount(labels, minlength=subject.n_classes).tolist()):
        yield row(0, "label_count", PERMUTED, str(label), float(count), 0.0, n)
    for quantity, matrix in (("jacobian_scatter", moments.scatter), ("jacobian_mean_gram", moments.mean_gram)):
        for one in range(subject.n_classes):
            for other in range(one, subject.n_classes):
                yield row(0, quantity, PERMUTED, f"{one}-{other}", float(matrix[one, other]), 0.0, n)
