"""A multilayer perceptron: five hidden layers of equal width, with ReLU."""

import math
from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from empirical.networks.blocks import fully_connected, readout

HIDDEN = 5


def mlp(width: int, image_shape: Sequence[int], n_classes: int, batch_norm: bool, dropout: float) -> nn.Sequential:
    """A multilayer perceptron, with layers ``hidden1`` to ``hidden5`` and ``readout``; He initialization, biases 0.

    :param width: units of every hidden layer.
    :param image_shape: (channels, height, width).
    :param dropout: share of units dropped after each hidden layer.
    """
    widths = [math.prod(image_shape), *[width] * HIDDEN]
    layers: OrderedDict[str, nn.Module] = OrderedDict(flatten=nn.Flatten())
    for index in range(HIDDEN):
        layers[f"hidden{index + 1}"] = fully_connected(widths[index], widths[index + 1], batch_norm, dropout)
    layers["readout"] = readout(width, n_classes)
    return nn.Sequential(layers)
