"""A multilayer perceptron: five hidden layers of one width, ReLU, no normalization."""

import math
from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

HIDDEN = 5


def mlp(width: int, image_shape: Sequence[int], n_classes: int) -> nn.Sequential:
    """The network, layers named ``hidden1`` to ``hidden5`` and ``readout``; He initialization, biases 0.

    :param width: units of every hidden layer.
    """
    widths = [math.prod(image_shape), *[width] * HIDDEN]
    layers: OrderedDict[str, nn.Module] = OrderedDict(flatten=nn.Flatten())
    for index in range(HIDDEN):
        layers[f"hidden{index + 1}"] = nn.Sequential(_he(nn.Linear(widths[index], widths[index + 1])), nn.ReLU())
    layers["readout"] = _he(nn.Linear(width, n_classes))
    return nn.Sequential(layers)


def _he(linear: nn.Linear) -> nn.Linear:
    nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
    nn.init.zeros_(linear.bias)
    return linear
