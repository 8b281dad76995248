"""ResNet18 at CIFAR size: a 3x3 convolution without pooling, then eight residual blocks of two convolutions each.

Source: He et al. 2016, blocks [2, 2, 2, 2]. Channels are counted in units of a width, as in Nakkiran et al. 2020, who
vary this width to show double descent.
"""

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from empirical.errors import SpecError
from empirical.networks.blocks import Residual, convolution, readout

# Channels of the blocks, in units of the width; sides are halved where they grow.
CHANNELS = (1, 1, 2, 2, 4, 4, 8, 8)


def resnet18(width: int, image_shape: Sequence[int], n_classes: int, batch_norm: bool, dropout: float) -> nn.Sequential:
    """ResNet18, with layers ``conv1``, ``block1`` to ``block8`` and ``readout``.

    A block is one layer: its two convolutions with their BatchNorms, its shortcut, and the ReLU of their sum.

    :param width: channels of the first convolution; the published network has 64.
    :param image_shape: (channels, height, width).
    :raises SpecError: ``dropout`` is not 0; this network has no hidden fully connected layer for dropout.
    """
    if dropout:
        raise SpecError(
            f"resnet18 has no hidden fully connected layer, so dropout must be 0; received {dropout}: set dropout = 0"
        )
    blocks: OrderedDict[str, nn.Module] = OrderedDict(conv1=convolution(image_shape[0], width, batch_norm))
    inputs = width
    for index, outputs in enumerate((width * channels for channels in CHANNELS), start=1):
        blocks[f"block{index}"] = Residual(inputs, outputs, batch_norm, n_blocks=len(CHANNELS))
        inputs = outputs
    blocks["average"] = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    blocks["readout"] = readout(inputs, n_classes)
    return nn.Sequential(blocks)
