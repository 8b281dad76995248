"""The compression C and the discrimination D of the class manifolds in a network's layers, group by group."""

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
    """C and D of every group's class manifolds, on the images whose geometry is measured; they are exact for these images.

    :param names: names of layers.
    :raises GeometryError: all class means in a layer are equal.
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
