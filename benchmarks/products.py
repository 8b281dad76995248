"""The matrix products of a training step without the rest of it: one forward and two backward products per layer."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

Product = Callable[[], object]


def products_of(model: nn.Module, images: Tensor, dtype: torch.dtype) -> list[Product]:
    """Functions that compute the products of one step on a batch, with the shapes and memory formats of training.

    The factors are fixed. The first layer has two products, because images need no gradient; every other layer has three.
    Biases are left out.

    :param images: one batch. :param dtype: dtype of the factors.
    """
    entering: dict[nn.Module, Tensor] = {}
    _watch(model, images, lambda module, inputs, _: entering.update({module: inputs[0].clone()}))
    first = next(iter(entering))
    return [_product(module, values.to(dtype), module is not first) for module, values in entering.items()]


def _product(module: nn.Module, values: Tensor, both: bool) -> Product:
    weight = module.get_parameter("weight").detach().to(values.dtype)
    if isinstance(module, nn.Conv2d):
        return _convolution(module, values, weight, both)
    gradient = torch.randn(len(values), len(weight), dtype=values.dtype, device=values.device)
    return lambda: (values @ weight.T, gradient.T @ values, gradient @ weight if both else None)


def _convolution(module: nn.Conv2d, values: Tensor, weight: Tensor, both: bool) -> Product:
    options: Any = (module.stride, module.padding, module.dilation, False, (0, 0), module.groups)
    gradient = torch.randn_like(torch.convolution(values, weight, None, *options))
    back = torch.ops.aten.convolution_backward
    return lambda: (
        torch.convolution(values, weight, None, *options),
        back(gradient, values, weight, None, *options, (both, True, False)),
    )


def operations(model: nn.Module, images: Tensor) -> float:
    """The number of floating-point operations of the products of :func:`products_of` for a batch."""
    found: list[float] = []
    _watch(model, images, lambda module, _, output: found.append(2 * output.numel() * module.weight[0].numel()))
    return 3 * sum(found) - found[0]


def _watch(model: nn.Module, images: Tensor, see: Callable) -> None:
    """Call ``see`` with every convolution and linear map, its inputs and its output, as the images pass."""
    weighted = [module for module in model.modules() if isinstance(module, nn.Conv2d | nn.Linear)]
    hooks = [module.register_forward_hook(see) for module in weighted]
    try:
        with torch.no_grad():
            model(images)
    finally:
        for hook in hooks:
            hook.remove()
