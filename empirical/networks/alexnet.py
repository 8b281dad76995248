"""AlexNet at CIFAR size: five convolutions, three of them pooled, then two wide fully connected layers and the readout.

Channels and units are those of Krizhevsky 2014 (arXiv 1404.5997). Because the images are small, filters are 3x3 and the first
stride is 2.
"""

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from empirical.networks.blocks import convolution, fully_connected, readout

# Channels of the convolutions, and after which there is a pooling, in units of the width.
CHANNELS = (1, 3, 6, 4, 4)
POOLED = (1, 2, 5)
# Units of the fully connected layers, in units of the width.
HIDDEN = 64


def alexnet(width: int, image_shape: Sequence[int], n_classes: int, batch_norm: bool, dropout: float) -> nn.Sequential:
    """AlexNet, with layers ``conv1`` to ``conv5``, ``fc1``, ``fc2`` and ``readout``; He initialization, biases 0.

    Height and width are halved four times and rounded up; a side of 1 stays 1.

    :param width: channels of the first convolution; the published network has 64.
    :param image_shape: (channels, height, width).
    :param dropout: share of units dropped after each fully connected layer.
    """
    blocks: OrderedDict[str, nn.Module] = OrderedDict()
    inputs = image_shape[0]
    for index, channels in enumerate(CHANNELS, start=1):
        blocks[f"conv{index}"] = convolution(inputs, channels * width, batch_norm, stride=2 if index == 1 else 1)
        inputs = channels * width
        if index in POOLED:
            blocks[f"pool{POOLED.index(index) + 1}"] = nn.MaxPool2d(2, ceil_mode=True)
    blocks["flatten"] = nn.Flatten()
    inputs *= -(-image_shape[1] // 16) * -(-image_shape[2] // 16)
    for index in (1, 2):
        blocks[f"fc{index}"] = fully_connected(inputs, HIDDEN * width, batch_norm, dropout)
        inputs = HIDDEN * width
    blocks["readout"] = readout(inputs, n_classes)
    return nn.Sequential(blocks)
