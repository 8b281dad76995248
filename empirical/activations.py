"""Activations of named layers, for the images asked for."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from empirical.errors import ActivationError
from empirical.networks import INPUT, layers

BATCH = 256


def activations(model: nn.Module, images: Tensor, names: Iterable[str], epoch: int | None = None) -> dict[str, Tensor]:
    """What the layers put out, flattened: name -> (n, features). The model is used as it is, without gradients.

    :param images: (n, channels, height, width). :param names: of layers; "input" is the pixels.
    :param epoch: of the weights, for the message of an error.
    :raises ActivationError: a layer that does not exist (the message lists those that do), or an activation that is not finite
        (the message names layer and epoch).
    """
    names = list(names)
    _known(model, names)
    found: dict[str, list[Tensor]] = {name: [] for name in names}
    hooks = [_record(model, name, found[name]) for name in names if name != INPUT]
    try:
        with torch.no_grad():
            for batch in images.split(BATCH):
                if INPUT in found:
                    found[INPUT].append(batch.flatten(1))
                model(batch)
    finally:
        for hook in hooks:
            hook.remove()
    return {name: _finite(torch.cat(parts), name, epoch) for name, parts in found.items()}


def _record(model: nn.Module, name: str, into: list[Tensor]):
    return model.get_submodule(name).register_forward_hook(lambda _module, _inputs, output: into.append(output.flatten(1)))


def _known(model: nn.Module, names: list[str]) -> None:
    there = [INPUT, *(name for name, _ in model.named_modules() if name)]
    for name in names:
        if name not in there:
            raise ActivationError(f"no layer {name!r}; layers: {', '.join([INPUT, *layers(model)])}")


def _finite(values: Tensor, name: str, epoch: int | None) -> Tensor:
    broken = int((~torch.isfinite(values)).sum())
    if broken:
        when = "" if epoch is None else f" at epoch {epoch}"
        raise ActivationError(
            f"layer {name}{when} put out {broken} values that are not finite, of {values.numel()}; the network diverged, or "
            "its images are not finite: check the loss, lower learning_rate"
        )
    return values
