"""VGG16 for images of 32 x 32 pixels: thirteen 3x3 convolutions, pooled five times, and two fully connected layers."""

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from empirical.errors import SpecError

# Channels of the convolutions before each pooling, in units of the width.
STAGES = ((1, 1), (2, 2), (4, 4, 4), (8, 8, 8), (8, 8, 8))
HIDDEN = 8


def vgg16(width: int, image_shape: Sequence[int], n_classes: int) -> nn.Sequential:
    """The network without BatchNorm, layers named ``conv1`` to ``conv13``, ``fc1``, ``fc2`` and ``readout``.

    Source: Simonyan & Zisserman 2015, configuration D, its fully connected layers as narrow as the last convolution, as is
    usual at this image size. He initialization, biases 0.

    :param width: channels of the first convolution; 64 is the published network.
    :param image_shape: (channels, height, width), height and width multiples of 32.
    :raises SpecError: other sides.
    """
    if image_shape[1] % 32 or image_shape[2] % 32:
        raise SpecError(f"vgg16 halves images five times: sides must be multiples of 32; received {tuple(image_shape)}")
    blocks: OrderedDict[str, nn.Module] = OrderedDict()
    inputs, count = image_shape[0], 0
    for stage, channels in enumerate(STAGES, start=1):
        for outputs in (width * channel for channel in channels):
            count += 1
            blocks[f"conv{count}"] = nn.Sequential(_he(nn.Conv2d(inputs, outputs, 3, padding=1)), nn.ReLU())
            inputs = outputs
        blocks[f"pool{stage}"] = nn.MaxPool2d(2)
    blocks["flatten"] = nn.Flatten()
    inputs *= (image_shape[1] // 32) * (image_shape[2] // 32)
    for index in (1, 2):
        blocks[f"fc{index}"] = nn.Sequential(_he(nn.Linear(inputs, HIDDEN * width)), nn.ReLU())
        inputs = HIDDEN * width
    blocks["readout"] = _he(nn.Linear(inputs, n_classes))
    return nn.Sequential(blocks)


def _he(layer):
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
    return layer
