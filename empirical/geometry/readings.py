"""The geometry of permuted manifolds, had the analyst chosen otherwise: other points, fewer, fewer classes, other probes."""

from collections.abc import Iterable, Iterator

from torch import nn

from empirical.evidence.measurement import Reading
from empirical.geometry.class_manifolds import (
    GROUPS,
    HALF_CLASSES,
    HALF_POINTS,
    OTHER_POINTS,
    manifold_activations,
    manifolds_of,
    points_of,
    wanted,
)
from empirical.geometry.layers import QUANTITIES, measured
from empirical.training.subject import Subject
from theory.geometry.manifolds import ManifoldGeometry

OTHER_PROBES = "other probes"


VARIANTS = (OTHER_POINTS, HALF_POINTS, HALF_CLASSES, OTHER_PROBES)


def choice_readings(model: nn.Module, subject: Subject, names: list[str], epoch: int) -> Iterator[Reading]:
    """Capacity, radius and dimension of the permuted group and its baseline, had the analyst chosen otherwise.

    The choice column names what is different: "half the points", and "shuffled/half the points" for the baseline.
    """
    for variant in VARIANTS if len(subject.labels.permuted) else ():
        chosen = wanted(manifolds_of(subject, variant), ("permuted",))
        options = probing(subject, redrawn=variant == OTHER_PROBES)
        for layer, (group, baseline), clouds in manifold_activations(model, subject, chosen, names, epoch):
            where = f"network {subject.network}, epoch {epoch}, layer {layer}, {variant}"
            found = measured(clouds, where, **options, center_rank=0)
            choice = "/".join(filter(None, (baseline, variant)))
            for quantity in QUANTITIES:
                value, se, n = quantities_of(found, 0, len(clouds))[quantity]
                yield Reading(quantity, group, value, se, n, choice, layer)


def geometry_readings(
    model: nn.Module,
    subject: Subject,
    names: list[str],
    epoch: int,
    groups: Iterable[str] = GROUPS,
    choice: str = "",
    corrected: bool = False,
) -> Iterator[Reading]:
    """Capacity, radius and dimension of the groups in the named layers at margin 0, and the correlation of their centres.

    Standard errors are those of averaging over probes. The permuted group's shuffled baseline has the choice "shuffled".

    :param corrected: also after the directions that centres share are removed, and how many there are.
    :raises GeometryError: what cannot be measured, naming network, epoch, layer and group.
    """
    chosen = wanted(manifolds_of(subject), groups, choice)
    if not chosen:
        return
    worst = 0.0
    for layer, (group, baseline), clouds in manifold_activations(model, subject, chosen, names, epoch):
        where = f"network {subject.network}, epoch {epoch}, layer {layer}, group {group} {baseline}".strip()
        for center_rank in (0, *("auto",) * corrected):
            found = measured(clouds, where, **probing(subject), center_rank=center_rank)
            worst = max(worst, found.kkt_residual)
            for quantity, (value, se, n) in quantities_of(found, center_rank, len(clouds)).items():
                yield Reading(quantity, group, value, se, n, baseline or choice, layer)
    yield Reading("manifold_points", "all", float(points_of(chosen)), 0.0, len(chosen), choice)
    yield Reading("kkt_residual", "all", worst, 0.0, len(names), choice)


def probing(subject: Subject, redrawn: bool = False) -> dict:
    """How many probes, and their seed: one for all layers, groups and epochs of a network."""
    rng = subject.spec.rng(subject.network, "geometry_probes", *[1] * redrawn)
    return {"n_probes": subject.spec.geometry_probes, "seed": int(rng.integers(2**32))}


def quantities_of(found: ManifoldGeometry, center_rank, n_manifolds: int) -> dict[str, tuple[float, float, int]]:
    """Value, standard error and n by name; corrected ones have names of their own."""
    own = {quantity: getattr(found, quantity) for quantity in QUANTITIES}
    values = {quantity: (one.value, one.se, one.n) for quantity, one in own.items()}
    if center_rank == 0:
        return values | {"center_correlation": (found.center_correlation, 0.0, n_manifolds * (n_manifolds - 1) // 2)}
    named = {f"corrected_{quantity}": value for quantity, value in values.items()}
    return named | {"center_rank": (float(found.center_rank), 0.0, n_manifolds)}
