"""The networks, one per file: sequences of named blocks. A block with parameters is a layer.

A layer holds its weights and everything up to its nonlinearity, its BatchNorm with the running statistics included, so that
it can be measured, and rewound, as one. Pooling stands between layers.

- blocks: what they are made of.
- mlp, smallvgg, vgg, alexnet, resnet18: the architectures, the small ones first.
- layer_gradients: the gradient of a scalar in a network's parameters, layer by layer.
"""

from collections.abc import Callable, Sequence

from torch import nn

from empirical.errors import SpecError
from empirical.networks.alexnet import alexnet
from empirical.networks.mlp import mlp
from empirical.networks.resnet18 import resnet18
from empirical.networks.smallvgg import smallvgg
from empirical.networks.vgg import thinvgg, vgg16

ARCHITECTURES: dict[str, Callable[..., nn.Sequential]] = {
    "alexnet": alexnet,
    "mlp": mlp,
    "resnet18": resnet18,
    "smallvgg": smallvgg,
    "thinvgg": thinvgg,
    "vgg16": vgg16,
}


def build(
    architecture: str, width: int, image_shape: Sequence[int], n_classes: int, batch_norm: bool = False, dropout: float = 0.0
) -> nn.Sequential:
    """A network by name, initialized from torch's current random state.

    :param image_shape: (channels, height, width).
    :raises SpecError: unknown name, the message lists those there are; or what that network cannot be.
    """
    if architecture not in ARCHITECTURES:
        raise SpecError(f"architecture must be one of {', '.join(ARCHITECTURES)}; received {architecture!r}")
    return ARCHITECTURES[architecture](width, image_shape, n_classes, batch_norm, dropout)


def layers(model: nn.Module) -> list[str]:
    """The names of the layers, the readout last."""
    return [name for name, block in model.named_children() if any(True for _ in block.parameters())]


def deep_suffix(model: nn.Module) -> list[str]:
    """The last third of the hidden layers, rounded up, and the readout."""
    names = layers(model)
    return names[-1 - -(-(len(names) - 1) // 3) :]
