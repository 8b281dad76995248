"""How compressed the class manifolds of a network's layers are, and how far apart: C and D, group by group."""

from collections.abc import Iterator

from torch import nn

from empirical.errors import GeometryError
from empirical.evidence.measurement import Reading
from empirical.evidence.names import SHUFFLED
from empirical.geometry.class_manifolds import manifold_activations, manifolds_of, on_host
from empirical.geometry.compression import compression, discrimination
from empirical.training.subject import Subject

MEASURED = {"compression": compression, "discrimination": discrimination}


def compression_readings(model: nn.Module, subject: Subject, names: list[str], epoch: int) -> Iterator[Reading]:
    """C and D of every group's class manifolds, on the images whose geometry is measured; exact for these.

    :raises GeometryError: classes that do not differ in a layer.
    """
    chosen = {pair: index for pair, index in manifolds_of(subject).items() if pair[1] != SHUFFLED}
    for layer, (group, _), clouds in manifold_activations(model, subject, chosen, names, epoch):
        for quantity, measured in MEASURED.items():
            try:
                value = float(measured(on_host(clouds)))
            except ValueError as error:
                raise GeometryError(
                    f"network {subject.network}, epoch {epoch}, layer {layer}, group {group}: {error}"
                ) from error
            yield Reading(quantity, group, value, 0.0, clouds.shape[0] * clouds.shape[1], layer=layer)
