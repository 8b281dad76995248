"""The gradient of a scalar with respect to a network's parameters, layer by layer."""

import torch
from torch import Tensor, nn


def layer_gradients(model: nn.Module, scalar: Tensor, keep_graph: bool = False) -> dict[str, Tensor]:
    """The gradient with respect to each layer's parameters, flattened, by the layer's name and in the order of the layers.

    :param scalar: a function of the parameters, shape ().
    :param keep_graph: keep the scalar's graph for another backward pass.
    """
    names, parameters = zip(*model.named_parameters(), strict=True)
    parts = torch.autograd.grad(scalar, parameters, retain_graph=keep_graph)
    return by_layer(dict(zip(names, parts, strict=True)))


def by_layer(parts: dict[str, Tensor], axes: int = 0) -> dict[str, Tensor]:
    """The tensors of a layer's parameters, flattened and joined into one tensor for each layer.

    :param parts: one tensor for each parameter, by the parameter's name.
    :param axes: number of leading axes that are kept; the parameter's own axes follow and are flattened.
    """
    found: dict[str, list[Tensor]] = {}
    for name, part in parts.items():
        found.setdefault(name.split(".")[0], []).append(part.flatten(axes))
    return {layer: torch.cat(members, axes) for layer, members in found.items()}
