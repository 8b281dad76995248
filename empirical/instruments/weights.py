"""The norms of a network's parameters, layer by layer, and the distances of parameters from their initial values."""

from collections.abc import Iterator

from torch import Tensor, nn

from empirical.evidence.measurement import Reading
from empirical.evidence.names import WEIGHTS
from empirical.networks.layer_gradients import by_layer


def weight_readings(model: nn.Module, initial: nn.Module) -> Iterator[Reading]:
    """The norm of every layer's parameters, and of their difference from the initial parameters; n is their number."""
    start = _flat(initial)
    for layer, weights in _flat(model).items():
        yield Reading("weight_norm", WEIGHTS, float(weights.norm()), 0.0, len(weights), layer=layer)
        distance = float((weights - start[layer]).norm())
        yield Reading("distance_from_initialization", WEIGHTS, distance, 0.0, len(weights), layer=layer)


def _flat(model: nn.Module) -> dict[str, Tensor]:
    """The parameters of every layer as one vector, float64."""
    layers = by_layer({name: parameter.detach() for name, parameter in model.named_parameters()})
    return {layer: weights.double() for layer, weights in layers.items()}
