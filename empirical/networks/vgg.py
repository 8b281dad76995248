"""VGG networks at CIFAR size: stages of 3x3 convolutions, each pooled, then two fully connected layers and the readout.

Source: Simonyan & Zisserman 2015, configuration D for VGG16. Its fully connected layers are as narrow as its last convolution,
as is usual at this image size.
"""

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from empirical.errors import SpecError
from empirical.networks.blocks import convolution, fully_connected, readout

# Channels of the convolutions before each pooling, in units of the width.
VGG16 = ((1, 1), (2, 2), (4, 4, 4), (8, 8, 8), (8, 8, 8))
THIN = ((1,), (2, 2), (4, 4), (4, 4, 4))
# Units of the fully connected layers, in units of the width.
HIDDEN = 8


def vgg16(width: int, image_shape: Sequence[int], n_classes: int, batch_norm: bool, dropout: float) -> nn.Sequential:
    """VGG16 with thirteen convolutions: layers ``conv1`` to ``conv13``, ``fc1``, ``fc2`` and ``readout``.

    :param width: channels of the first convolution; the published network has 64.
    :param image_shape: (channels, height, width); height and width are multiples of 32.
    :param dropout: share of units dropped after each fully connected layer.
    :raises SpecError: height or width is no multiple of 32.
    """
    return _vgg(VGG16, width, image_shape, n_classes, batch_norm, dropout)


def thinvgg(width: int, image_shape: Sequence[int], n_classes: int, batch_norm: bool, dropout: float) -> nn.Sequential:
    """A VGG with eight convolutions, for two cores: layers ``conv1`` to ``conv8``, ``fc1``, ``fc2`` and ``readout``.

    The parameters are those of :func:`vgg16`; height and width are multiples of 16.
    """
    return _vgg(THIN, width, image_shape, n_classes, batch_norm, dropout)


def _vgg(stages, width: int, image_shape: Sequence[int], n_classes: int, batch_norm: bool, dropout: float) -> nn.Sequential:
    factor = 2 ** len(stages)
    if image_shape[1] % factor or image_shape[2] % factor:
        raise SpecError(
            f"this VGG halves images {len(stages)} times, so height and width must be multiples of {factor}; received shape "
            f"{tuple(image_shape)}: choose another data set or architecture"
        )
    blocks: OrderedDict[str, nn.Module] = OrderedDict()
    inputs, count = image_shape[0], 0
    for stage, channels in enumerate(stages, start=1):
        for outputs in (width * channel for channel in channels):
            count += 1
            blocks[f"conv{count}"] = convolution(inputs, outputs, batch_norm)
            inputs = outputs
        blocks[f"pool{stage}"] = nn.MaxPool2d(2)
    blocks["flatten"] = nn.Flatten()
    inputs *= (image_shape[1] // factor) * (image_shape[2] // factor)
    for index in (1, 2):
        blocks[f"fc{index}"] = fully_connected(inputs, HIDDEN * width, batch_norm, dropout)
        inputs = HIDDEN * width
    blocks["readout"] = readout(inputs, n_classes)
    return nn.Sequential(blocks)
