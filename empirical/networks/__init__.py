"""The networks, one architecture per file. A network is a sequence of named blocks; a block with parameters is a layer.

A layer has its weights and everything up to its nonlinearity, including BatchNorm and its running statistics. It can
therefore be measured and rewound as a whole. Pooling stands between layers.

- blocks: the blocks that the architectures share.
- mlp2, mlp, smallvgg, convnet, vgg, alexnet, resnet18: the architectures, the small ones first.
- layer_gradients: the gradient of a scalar with respect to a network's parameters, layer by layer.
"""

from collections.abc import Callable, Sequence

from torch import nn

from empirical.errors import SpecError
from empirical.networks.alexnet import alexnet
from empirical.networks.convnet import convnet
from empirical.networks.mlp import mlp
from empirical.networks.mlp2 import mlp2
from empirical.networks.resnet18 import resnet18
from empirical.networks.smallvgg import smallvgg
from empirical.networks.vgg import thinvgg, vgg16

ARCHITECTURES: dict[str, Callable[..., nn.Sequential]] = {
    "alexnet": alexnet,
    "convnet": convnet,
    "mlp": mlp,
    "mlp2": mlp2,
    "resnet18": resnet18,
    "smallvgg": smallvgg,
    "thinvgg": thinvgg,
    "vgg16": vgg16,
}


def build(
    architecture: str, width: int, image_shape: Sequence[int], n_classes: int, batch_norm: bool = False, dropout: float = 0.0
) -> nn.Sequential:
    """A network with this architecture, initialized from torch's current random state.

    :param width: size of the first layer: channels, or hidden units.
    :param image_shape: (channels, height, width).
    :param dropout: share of hidden units dropped after fully connected layers, 0..1.
    :raises SpecError: the name is unknown (the message lists the known names), or the architecture does not allow the
        arguments.
    """
    if architecture not in ARCHITECTURES:
        raise SpecError(
            f"architecture must be one of {', '.join(ARCHITECTURES)}; received {architecture!r}: choose one of them"
        )
    return ARCHITECTURES[architecture](width, image_shape, n_classes, batch_norm, dropout)


def layers(model: nn.Module) -> list[str]:
    """The names of the layers in order; the readout is the last."""
    return [name for name, block in model.named_children() if any(True for _ in block.parameters())]


def deep_suffix(model: nn.Module) -> list[str]:
    """The names of the deep layers: the last third of the hidden layers, rounded up, and the readout."""
    names = layers(model)
    return names[-1 - -(-(len(names) - 1) // 3) :]
