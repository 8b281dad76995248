"""The gradient of a scalar in a network's parameters, layer by layer."""

import torch
from torch import Tensor, nn


def layer_gradients(model: nn.Module, scalar: Tensor, keep_graph: bool = False) -> dict[str, Tensor]:
    """A flat gradient for every layer, in the order of the layers.

    :param keep_graph: whether the scalar's graph is wanted again.
    """
    names, parameters = zip(*model.named_parameters(), strict=True)
    parts = torch.autograd.grad(scalar, parameters, retain_graph=keep_graph)
    return by_layer(dict(zip(names, parts, strict=True)))


def by_layer(parts: dict[str, Tensor], axes: int = 0) -> dict[str, Tensor]:
    """What there is for every parameter, by its name, side by side for those of a layer.

    :param axes: so many axes in front of the parameter's own, which are flattened.
    """
    found: dict[str, list[Tensor]] = {}
    for name, part in parts.items():
        found.setdefault(name.split(".")[0], []).append(part.flatten(axes))
    return {layer: torch.cat(members, axes) for layer, members in found.items()}
