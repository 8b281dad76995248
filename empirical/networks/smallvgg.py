"""A small VGG: six 3x3 convolutions with BatchNorm, pooled after every second, for images of 8 x 8 pixels and up."""

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from empirical.errors import SpecError


def smallvgg(width: int, image_shape: Sequence[int], n_classes: int, batch_norm: bool, dropout: float) -> nn.Sequential:
    """The network, layers named ``conv1`` to ``conv6`` (convolution, BatchNorm, ReLU) and ``readout``.

    :param width: channels of the first two convolutions; doubled after each pooling.
    :raises SpecError: without BatchNorm, or with dropout.
    """
    if not batch_norm or dropout:
        raise SpecError(f"smallvgg has BatchNorm and no dropout; received batch_norm {batch_norm}, dropout {dropout}")
    blocks: OrderedDict[str, nn.Module] = OrderedDict()
    inputs = image_shape[0]
    for index in range(6):
        outputs = width * 2 ** (index // 2)
        blocks[f"conv{index + 1}"] = _convolution(inputs, outputs)
        if index % 2:
            blocks[f"pool{index // 2 + 1}"] = nn.MaxPool2d(2)
        inputs = outputs
    blocks["average"] = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    blocks["readout"] = nn.Linear(inputs, n_classes)
    return nn.Sequential(blocks)


def _convolution(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())
