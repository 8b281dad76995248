"""A small VGG: three blocks of two 3x3 convolutions with BatchNorm, for images of 8 x 8 pixels and up."""

from collections import OrderedDict

from torch import nn


def smallvgg(width: int, in_channels: int, n_classes: int) -> nn.Sequential:
    """The network, blocks named ``block1`` to ``block3`` and ``readout``.

    :param width: channels of the first block; each block doubles them.
    """
    widths = [in_channels, width, 2 * width, 4 * width]
    blocks = [(f"block{i + 1}", _block(widths[i], widths[i + 1])) for i in range(3)]
    pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return nn.Sequential(OrderedDict([*blocks, ("pool", pool), ("readout", nn.Linear(4 * width, n_classes))]))


def _block(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(*_convolution(inputs, outputs), *_convolution(outputs, outputs), nn.MaxPool2d(2))


def _convolution(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
