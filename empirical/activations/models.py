"""What a model may be: a network of torch, compiled or not, or a function of inputs."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from empirical.errors import ActivationError

# The module of its class takes a second to import.
EXPORTED = "ExportedProgram"
INSTEAD = "pass the network itself, a torch.nn.Module"


class Function(nn.Module):
    """A function of inputs as a network without layers; a method of a network has that network inside, as "model"."""

    def __init__(self, function: Callable) -> None:
        super().__init__()
        self.function = function
        if isinstance(owner := getattr(function, "__self__", None), nn.Module):
            self.model = _with_values(owner)

    def forward(self, *arguments: Any, **keywords: Any) -> Any:
        return self.function(*arguments, **keywords)


def network_of(model: nn.Module | Callable) -> nn.Module:
    """The network inside a compiled or parallel one; a function becomes a network without layers.

    :raises ActivationError: the model has no layers that can be read, or its weights have no values.
    """
    if isinstance(model, torch.jit.ScriptModule | torch.jit.ScriptFunction):
        raise ActivationError(f"model is scripted or traced ({type(model).__name__}), and its layers cannot be read; {INSTEAD}")
    if isinstance(model, nn.Module):
        return _with_values(_unwrapped(model))
    if isinstance(model, type) or type(model).__name__ == EXPORTED or not callable(model):
        raise ActivationError(f"model must be a torch.nn.Module or a function of inputs; {_received(model)}")
    return Function(model)


def _unwrapped(network: nn.Module) -> nn.Module:
    while True:
        if isinstance(network, nn.DataParallel | nn.parallel.DistributedDataParallel):
            network = network.module
        elif isinstance(inside := getattr(network, "_orig_mod", None), nn.Module):
            network = inside
        else:
            return network


def _with_values(network: nn.Module) -> nn.Module:
    for name, parameter in network.named_parameters():
        if nn.parameter.is_lazy(parameter):
            raise ActivationError(f"parameter {name} has no shape yet, because the model never ran; run it once on your inputs")
        if parameter.is_meta:
            raise ActivationError(f"parameter {name} is on the meta device and has no values; load the weights first")
    return network


def _received(model: Any) -> str:
    kind = type(model).__name__
    if isinstance(model, str | os.PathLike):
        return f"received the path {str(model)!r}: build the network and load its weights, then pass the network"
    if isinstance(model, type):
        return f"received the class {model.__name__}: pass an instance of it, {model.__name__}(...)"
    if isinstance(model, Mapping):
        return f"received a {kind}, as state_dict() returns: build the network, call network.load_state_dict(...), and pass it"
    if kind == EXPORTED:
        return f"received an {kind}, whose layers have become one graph: {INSTEAD} from which it was exported"
    return f"received {kind}: {INSTEAD}"


def dtype_of(network: nn.Module) -> torch.dtype | None:
    """The type of the network's first weights of real numbers; None where it has none."""
    return next((one.dtype for one in network.parameters() if one.is_floating_point()), None)


def device_of(network: nn.Module) -> torch.device:
    """The device of the network's parameters; the processor where it has none."""
    return next((one.device for one in network.parameters()), torch.device("cpu"))


def home_of(values: Tensor) -> torch.device:
    """The device of sums in float64 of these values: their own, or the processor where an accelerator has no float64."""
    return torch.device("cpu") if values.device.type == "mps" else values.device
