"""The geometry of permuted manifolds, had the analyst chosen otherwise: other points, fewer, fewer classes, other probes."""

from collections.abc import Iterator

from torch import nn

from empirical.geometry import QUANTITIES, measured, probing, quantities_of
from empirical.manifolds import HALF_CLASSES, HALF_POINTS, OTHER_POINTS, manifold_activations, manifolds_of, wanted
from empirical.measurements import Reading
from empirical.train import Subject

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
