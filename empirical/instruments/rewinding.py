"""Rewinding: a trained network with some layers taken from an earlier epoch, together with their BatchNorm statistics."""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from empirical.activations.recording import BATCH
from empirical.errors import ActivationError
from empirical.evidence.measurement import Reading
from empirical.evidence.names import PREFIX, SINGLE, SUFFIX, packed
from empirical.instruments.accuracies import accuracies
from empirical.networks import deep_suffix, layers
from empirical.training.subject import Subject

QUANTITY = "rewound_accuracy"


def rewind(final: nn.Sequential, earlier: nn.Sequential, names: Iterable[str]) -> nn.Sequential:
    """A copy of the final network with the named layers as they are in the earlier network.

    :param names: names of layers.
    :raises ActivationError: a layer does not exist; the message lists the layers that do.
    """
    names = set(names)
    if unknown := names - set(layers(final)):
        raise ActivationError(f"no layer {', '.join(sorted(unknown))}; choose among the layers: {', '.join(layers(final))}")
    state, old = final.state_dict(), earlier.state_dict()
    rewound = copy.deepcopy(final)
    rewound.load_state_dict({key: (old if key.split(".")[0] in names else state)[key] for key in state})
    return rewound


def suffix_starts(model: nn.Sequential) -> list[str]:
    """The layers where four suffixes start: a quarter, a half and two thirds into the hidden layers, and the last one."""
    hidden = layers(model)[:-1]
    n = len(hidden)
    return [hidden[index] for index in sorted({n // 4, n // 2, hidden.index(deep_suffix(model)[0]), n - 1})]


def rewinding_readings(final: nn.Sequential, earlier: nn.Sequential, subject: Subject) -> Iterator[Reading]:
    """The accuracies after each layer is rewound alone ("single"), with all later ("suffix") or all earlier layers ("prefix").

    For test images the choice also names their half: "single/select", "suffix/report".

    :param final: the network at its last epoch.
    :param earlier: the network at an earlier epoch.
    """
    found: dict[tuple[str, str], list[np.ndarray]] = {}
    for batch in subject.all_images().split(BATCH):
        for place, predicted in _rewound(final, earlier, batch):
            found.setdefault(place, []).append(predicted)
    for (layer, kind), parts in found.items():
        for reading in accuracies(np.concatenate(parts), subject, QUANTITY):
            yield replace(reading, choice=packed(kind, reading.choice), layer=layer)


def _rewound(final: nn.Sequential, earlier: nn.Sequential, images: Tensor) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """The classes assigned to the images, by layer and kind of rewinding; the inputs of a layer are computed once."""
    new, old = dict(final.named_children()), dict(earlier.named_children())
    entering, entering_old = (_inputs(model, images) for model in (final, earlier))
    for layer in layers(final):
        after = list(new)[list(new).index(layer) + 1 :]
        for kind, before, rest in ((SINGLE, entering, new), (SUFFIX, entering, old), (PREFIX, entering_old, new)):
            values = _through([old[layer], *(rest[name] for name in after)], before[layer])
            yield (layer, kind), values.argmax(1).cpu().numpy()


def _inputs(model: nn.Sequential, images: Tensor) -> dict[str, Tensor]:
    """The inputs of every layer of a network."""
    found, names = {}, set(layers(model))
    with torch.no_grad():
        for name, block in model.named_children():
            if name in names:
                found[name] = images
            images = block(images)
    return found


def _through(blocks: list[nn.Module], values: Tensor) -> Tensor:
    with torch.no_grad():
        for block in blocks:
            values = block(values)
    return values
