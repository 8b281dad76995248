"""The geometry of our runs' networks: every group of images in every layer, and under other analysis choices."""

from collections.abc import Iterable, Iterator

from torch import nn

from empirical.evidence.measurement import Reading
from empirical.evidence.names import ALL, GROUPS, OTHER_PROBES, PERMUTED, VARIANTS, packed
from empirical.geometry.class_manifolds import manifold_activations, manifolds_of, points_of, wanted
from empirical.geometry.layers import measured, quantities_of
from empirical.runs.instruments import GEOMETRY
from empirical.training.subject import Subject


def geometry_readings(
    model: nn.Module,
    subject: Subject,
    names: list[str],
    epoch: int,
    groups: Iterable[str] = GROUPS,
    choice: str = "",
    corrected: bool = False,
) -> Iterator[Reading]:
    """Capacity, radius and dimension of the groups' manifolds at margin 0 in each layer, and the correlation of their centres.

    Standard errors are over probes. The shuffled baseline of the permuted group has the choice "shuffled".

    :param names: names of layers.
    :param choice: the name of an intervention on the network, or "".
    :param corrected: measure also after the directions that centres share are removed, and report the number of directions.
    :raises GeometryError: manifolds cannot be measured; the message names network, epoch, layer and group.
    """
    chosen = wanted(manifolds_of(subject), groups, choice)
    if not chosen:
        return
    options, ranks, worst = probing(subject), (0, "auto") if corrected else (0,), 0.0
    for layer, (group, baseline), clouds in manifold_activations(model, subject, chosen, names, epoch):
        where = f"network {subject.network}, epoch {epoch}, layer {layer}, group {group} {baseline}".strip()
        for center_rank in ranks:
            found = measured(clouds, where, **options, center_rank=center_rank)
            worst = max(worst, found.kkt_residual)
            for quantity, (value, se, n) in quantities_of(found, center_rank, len(clouds)).items():
                yield Reading(quantity, group, value, se, n, baseline or choice, layer)
    yield Reading("manifold_points", ALL, float(points_of(chosen)), 0.0, len(chosen), choice)
    yield Reading("kkt_residual", ALL, worst, 0.0, len(names), choice)


def choice_readings(model: nn.Module, subject: Subject, names: list[str], epoch: int) -> Iterator[Reading]:
    """Capacity, radius and dimension of the permuted group and its shuffled baseline, under other analysis choices.

    Other choices concern the points, the number of points, the number of classes, or the probes. The choice column names the
    choice: "half the points", and "shuffled/half the points" for the baseline.

    :param names: names of layers.
    :raises GeometryError: manifolds cannot be measured; the message names network, epoch and layer.
    """
    if not len(subject.labels.permuted):
        return
    for variant in VARIANTS:
        chosen = wanted(manifolds_of(subject, variant), (PERMUTED,))
        options = probing(subject, redrawn=variant == OTHER_PROBES)
        for layer, (group, baseline), clouds in manifold_activations(model, subject, chosen, names, epoch):
            where = f"network {subject.network}, epoch {epoch}, layer {layer}, {variant}"
            found = quantities_of(measured(clouds, where, **options, center_rank=0), 0, len(clouds))
            for quantity in GEOMETRY:
                yield Reading(quantity, group, *found[quantity], packed(baseline, variant), layer)


def probing(subject: Subject, redrawn: bool = False) -> dict:
    """The number of probes and their seed, which is the same for all layers, groups and epochs of a network.

    :param redrawn: give another seed, for the analysis choice of other probes.
    """
    index = (1,) if redrawn else ()
    rng = subject.spec.rng(subject.network, "geometry_probes", *index)
    return {"n_probes": subject.spec.geometry_probes, "seed": int(rng.integers(2**32))}
