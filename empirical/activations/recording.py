"""Activations of named layers for given images."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches

import torch
from torch import Tensor, nn

from empirical.errors import ActivationError
from empirical.evidence.names import INPUT
from empirical.networks import layers

BATCH = 256


def activations(model: nn.Module, images: Tensor, names: Iterable[str], epoch: int | None = None) -> dict[str, Tensor]:
    """The outputs of the layers, flattened, by the name of the layer: (n, features).

    The model is used in its current mode, without gradients.

    :param images: (n, channels, height, width).
    :param names: names of layers; "input" stands for the pixels.
    :param epoch: epoch of the weights, for messages of errors.
    :raises ActivationError: see :func:`recording`.
    """
    found: dict[str, list[Tensor]] = {name: [] for name in names}
    with torch.no_grad(), recording(model, list(found), epoch) as outputs:
        for batch in images.split(BATCH):
            for name, values in outputs(batch).items():
                found[name].append(values)
    return {name: torch.cat(parts) for name, parts in found.items()}


@contextmanager
def recording(
    model: nn.Module, names: Sequence[str], epoch: int | None = None
) -> Iterator[Callable[[Tensor], dict[str, Tensor]]]:
    """A function that runs the model on a batch of inputs and returns the outputs of the layers, flattened, (n, features).

    All hooks are removed when the context ends.

    :param names: names of layers; "input" stands for the inputs, also if a module has this name.
    :param epoch: epoch of the weights, for messages of errors.
    :raises ActivationError: a layer does not exist (the message lists the layers that do); or its output is not finite, or not
        one tensor with a row for each input (the message names layer and epoch).
    """
    _require_known(model, names)
    seen: dict[str, list] = {name: [] for name in names}
    hooks = [
        model.get_submodule(name).register_forward_hook(
            lambda _module, _inputs, output, name=name: seen[name].append(_kept(output))
        )
        for name in seen
        if name != INPUT
    ]

    def outputs(batch: Tensor) -> dict[str, Tensor]:
        model(_kept(batch))
        found = {name: [batch] if name == INPUT else seen[name][:] for name in seen}
        for one in seen.values():
            one.clear()
        return {name: _flat(values, len(batch), name, epoch) for name, values in found.items()}

    try:
        yield outputs
    finally:
        for hook in hooks:
            hook.remove()


def _kept(output):
    """A copy of the output, because the next layer may change it in place, as ReLU(inplace=True) does."""
    return output.clone() if isinstance(output, Tensor) else output


def weighted_layers(model: nn.Module, example: Tensor) -> list[str]:
    """The names of the input and of every module with a weight of two axes or more, in the order in which they run.

    Such modules are convolutions and linear maps. Modules that run more than once are left out.

    :param example: a batch of one input.
    """
    ran: list[str] = []
    hooks = [
        module.register_forward_hook(lambda _module, _inputs, _output, name=name: ran.append(name))
        for name, module in model.named_modules()
        if name and not list(module.children()) and _has_map(module)
    ]
    try:
        with torch.no_grad():
            model(example)
    finally:
        for hook in hooks:
            hook.remove()
    return list(dict.fromkeys([INPUT, *(name for name in ran if ran.count(name) == 1)]))


def _has_map(module: nn.Module) -> bool:
    return getattr(getattr(module, "weight", None), "ndim", 0) >= 2


def _require_known(model: nn.Module, names: Sequence[str]) -> None:
    there = [INPUT, *(name for name, _ in model.named_modules() if name)]
    for name in names:
        if name not in there:
            near = get_close_matches(name, there, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ActivationError(f"no layer {name!r}; layers: {', '.join([INPUT, *layers(model)])}{hint or '; give one'}")


def _flat(values: list, n_inputs: int, name: str, epoch: int | None) -> Tensor:
    if len(values) != 1:
        raise ActivationError(
            f"layer {name} ran {len(values)} times for one batch, so its activation is not defined; give a layer that runs once"
        )
    (output,) = values
    if not isinstance(output, Tensor) or not output.ndim or output.shape[0] != n_inputs:
        shape = tuple(output.shape) if isinstance(output, Tensor) else type(output).__name__
        raise ActivationError(
            f"layer {name} returned {shape}, not one tensor with a row for each of {n_inputs} inputs; give a layer that does"
        )
    return _finite(output.flatten(1) if output.ndim > 1 else output[:, None], name, epoch)


def _finite(values: Tensor, name: str, epoch: int | None) -> Tensor:
    # A sum is cheap, and finite only if its terms are.
    broken = 0 if torch.isfinite(values.sum()) else int((~torch.isfinite(values)).sum())
    if broken:
        when = "" if epoch is None else f" at epoch {epoch}"
        raise ActivationError(
            f"layer {name}{when} returned {broken} values that are not finite, of {values.numel()}; the network diverged, or "
            "its images are not finite: check the loss and lower learning_rate, or check the images"
        )
    return values
