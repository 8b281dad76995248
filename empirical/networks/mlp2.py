"""A multilayer perceptron with two hidden layers of equal width, as in Arpit et al. 2017."""

import math
from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from empirical.networks.blocks import fully_connected, readout


def mlp2(width: int, image_shape: Sequence[int], n_classes: int, batch_norm: bool, dropout: float) -> nn.Sequential:
    """A multilayer perceptron, with layers ``hidden1``, ``hidden2`` and ``readout``; He initialization, biases 0.

    :param width: units of each hidden layer.
    :param image_shape: (channels, height, width).
    :param dropout: share of units dropped after each hidden layer.
    """
    return nn.Sequential(
        OrderedDict(
            flatten=nn.Flatten(),
            hidden1=fully_connected(math.prod(image_shape), width, batch_norm, dropout),
            hidden2=fully_connected(width, width, batch_norm, dropout),
            readout=readout(width, n_classes),
        )
    )
