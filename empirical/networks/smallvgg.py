"""A small VGG: six 3x3 convolutions with BatchNorm, a pooling after every second one, for images of 8 x 8 pixels and more."""

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from empirical.errors import SpecError


def smallvgg(width: int, image_shape: Sequence[int], n_classes: int, batch_norm: bool, dropout: float) -> nn.Sequential:
    """A small VGG, with layers ``conv1`` to ``conv6`` (convolution, BatchNorm, ReLU) and ``readout``.

    :param width: channels of the first two convolutions; the channels double after each pooling.
    :param image_shape: (channels, height, width).
    :raises SpecError: ``batch_norm`` is false, or ``dropout`` is not 0.
    """
    if not batch_norm or dropout:
        raise SpecError(
            f"smallvgg has BatchNorm and no dropout; received batch_norm {batch_norm}, dropout {dropout}: set batch_norm = "
            "true and dropout = 0, or choose another architecture"
        )
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
