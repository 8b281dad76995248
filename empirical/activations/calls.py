"""Layers by name: modules, the calls of a module that runs more than once, and which of them are measured by default."""

from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches

import torch
from torch import nn

from empirical.activations.models import Function
from empirical.errors import ActivationError
from empirical.evidence.names import INPUT
from empirical.networks import layers

# The network's own output, unless a module has this name.
OUTPUT = "output"
IDLE = "did not run for these inputs, or the model uses its weights without calling it"
SCRIPTED = "is scripted, and its outputs cannot be read"
# Calls of a module that the default table has rows of.
MOST_CALLS = 24
Call = tuple[nn.Module, int]  # a module, and which of its calls, from 1


def modules_of(network: nn.Module) -> dict[str, nn.Module]:
    """The modules by name, without what compiling and parametrizing added; the network itself is "output"."""
    found = {}
    for name, module in network.named_modules(remove_duplicate=False):
        if "parametrizations" not in name.split("."):
            found[".".join(part for part in name.split(".") if part != "_orig_mod")] = module
    found.setdefault(OUTPUT, found.pop(""))
    return found


def resolved(network: nn.Module, name: str) -> tuple[nn.Module, int | None]:
    """The module of a name, and which of its calls; None where the name stands for its only call.

    "conv" is a module, "conv:2" its second call. "input" stands for the inputs, and for a module of this name "input:1".

    :raises ActivationError: there is no such layer; the message lists those there are.
    """
    there = modules_of(network)
    if name in there and name != INPUT:
        return there[name], None
    base, _, call = name.rpartition(":")
    if base in there and call.isdigit() and int(call):
        return there[base], int(call)
    near = get_close_matches(name, [INPUT, *there], n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "; give one"
    raise ActivationError(f"no layer {name!r}; layers: {', '.join([INPUT, *(layers(network) or [OUTPUT])])}{hint}")


def named(network: nn.Module, chosen: str | nn.Module | Sequence[str | nn.Module]) -> list[str]:
    """The names of layers that are given by name or as modules of the network.

    :raises ActivationError: something else is given, or a layer that the network does not have.
    """
    return [_name(network, one) for one in ([chosen] if isinstance(chosen, str | nn.Module) else chosen)]


def _name(network: nn.Module, layer: str | nn.Module) -> str:
    if isinstance(layer, str):
        if layer != INPUT:
            resolved(network, layer)
        return layer
    if not isinstance(layer, nn.Module):
        raise ActivationError(
            f"layers must be names or modules; received {layer!r}: pass names from model.named_modules(), and 'input'"
        )
    layer = getattr(layer, "_orig_mod", layer)
    names = [name for name, module in modules_of(network).items() if module is layer]
    if not names:
        raise ActivationError(f"layers has a module, {type(layer).__name__}, that is no part of the model; pass one of its own")
    return f"{INPUT}:1" if names[0] == INPUT else names[0]


def call_names(network: nn.Module, names: Sequence[str], ran: Sequence[Call]) -> list[str]:
    """The names, with one for each call in place of a module that runs more than once: "conv" becomes "conv:1", "conv:2"."""
    found, n_calls = [], Counter(module for module, _ in ran)
    for name in names:
        module, call = (None, None) if name == INPUT else resolved(network, name)
        n = 0 if call or module is None else n_calls[module]
        found += [name] if n < 2 else [f"{name}:{k}" for k in range(1, n + 1)]
    return found


def default_names(network: nn.Module, ran: Sequence[Call]) -> tuple[list[str], dict[str, str]]:
    """The layers measured by default in the order in which they ran, and those left out, with the reason.

    They are the modules that own a weight of two axes or more: convolutions, linear maps, embeddings, recurrent layers,
    attention. The network itself is among them if it owns one, or has no modules to read.

    :param ran: every call of a module, in the order in which calls end.
    """
    owners = {module: name for name, module in reversed(modules_of(network).items()) if has_weights(module)}
    names, left_out, n_calls = [], {}, Counter(module for module, _ in ran)
    for module, call in ran:
        name, n = owners.get(module), n_calls[module]
        if name and call <= MOST_CALLS:
            names.append(f"{name}:{call}" if n > 1 or name == INPUT else name)
        elif name and call == MOST_CALLS + 1:
            left_out[f"{name}:{call}"] = f"and later calls: it ran {n} times, and {MOST_CALLS} are measured; ask by name"
    for module, name in reversed(owners.items()):
        if module not in n_calls and module not in _attention(network):
            left_out[name] = SCRIPTED if isinstance(module, torch.jit.ScriptModule) else IDLE
    return names, left_out


def has_weights(module: nn.Module) -> bool:
    """Whether the module itself owns a weight of two axes or more, also a parametrized or quantized one."""
    own: list = [*module.parameters(recurse=False), *_parametrized(module)]
    # Normalized weights of old versions are attributes; those of quantized modules are returned by a method.
    weight = getattr(module, "weight", None)
    own.append(weight() if callable(weight) and "quantized" in type(module).__module__ else weight)
    return isinstance(module, Function) or any(getattr(one, "ndim", 0) >= 2 for one in own)


def _parametrized(module: nn.Module) -> list[nn.Parameter]:
    parts = getattr(module, "parametrizations", None)
    lists = parts.children() if isinstance(parts, nn.ModuleDict) else ()
    return [one for part in lists for one in part.parameters(recurse=False)]


def _attention(network: nn.Module) -> set[nn.Module]:
    """The last maps of attention modules, whose output is the attention's own."""
    return {module.out_proj for module in network.modules() if isinstance(module, nn.MultiheadAttention)}
