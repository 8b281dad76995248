"""The convolutional network of Arpit et al. 2017 for CIFAR-10: two wide convolutions, each pooled, and two dense layers."""

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from empirical.errors import SpecError
from empirical.networks.blocks import convolution, fully_connected, readout

# Channels of both convolutions, and units of the fully connected layers, in the published network.
CHANNELS, DENSE = 200, (384, 192)
SIDE, POOLED = 5, 3


def convnet(width: int, image_shape: Sequence[int], n_classes: int, batch_norm: bool, dropout: float) -> nn.Sequential:
    """The network, with layers ``conv1``, ``conv2``, ``fc1``, ``fc2`` and ``readout``; He initialization, biases 0.

    Convolutions are padded, and poolings do not overlap; the paper does not say. It crops images by 2 pixels, and this network
    takes them whole.

    :param width: channels of both convolutions; the published network has 200, and fully connected layers are in proportion.
    :param image_shape: (channels, height, width).
    :param dropout: share of units dropped after each fully connected layer.
    :raises SpecError: the images are smaller than 9 x 9 pixels.
    """
    sides = [side // POOLED**2 for side in image_shape[1:]]
    if not all(sides):
        raise SpecError(
            f"convnet pools images to a ninth of their sides, so these must be 9 pixels or more; received shape "
            f"{tuple(image_shape)}: choose another data set or architecture"
        )
    units = [max(1, round(width * dense / CHANNELS)) for dense in DENSE]
    return nn.Sequential(
        OrderedDict(
            conv1=convolution(image_shape[0], width, batch_norm, side=SIDE),
            pool1=nn.MaxPool2d(POOLED),
            conv2=convolution(width, width, batch_norm, side=SIDE),
            pool2=nn.MaxPool2d(POOLED),
            flatten=nn.Flatten(),
            fc1=fully_connected(width * sides[0] * sides[1], units[0], batch_norm, dropout),
            fc2=fully_connected(units[0], units[1], batch_norm, dropout),
            readout=readout(units[1], n_classes),
        )
    )
