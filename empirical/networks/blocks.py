"""The blocks of a network: a weighted map, BatchNorm if wanted, and a nonlinearity; residual blocks have two convolutions."""

import torch
from torch import Tensor, nn


def convolution(inputs: int, outputs: int, batch_norm: bool, stride: int = 1, side: int = 3) -> nn.Sequential:
    """A block of a convolution, BatchNorm if ``batch_norm`` is true, and ReLU; He initialization, biases 0.

    A convolution that BatchNorm follows has no bias, because BatchNorm has one.

    :param side: pixels along each side of the filters, an odd number.
    """
    weighted = _he(nn.Conv2d(inputs, outputs, side, stride=stride, padding=side // 2, bias=not batch_norm))
    return nn.Sequential(weighted, *_normalizing(outputs, batch_norm), nn.ReLU())


def fully_connected(inputs: int, outputs: int, batch_norm: bool = False, dropout: float = 0.0) -> nn.Sequential:
    """A block of a linear map, BatchNorm and dropout if wanted, and ReLU; He initialization, biases 0.

    The order is: linear map, BatchNorm, ReLU, dropout.
    """
    weighted = _he(nn.Linear(inputs, outputs, bias=not batch_norm))
    normalizing = [nn.BatchNorm1d(outputs)] if batch_norm else []
    dropping = [nn.Dropout(dropout)] if dropout else []
    return nn.Sequential(weighted, *normalizing, nn.ReLU(), *dropping)


class Residual(nn.Module):
    """Two 3x3 convolutions with a shortcut around them, and the ReLU of the sum; sides are halved where the channels grow.

    The shortcut is the identity, or a 1x1 convolution (with BatchNorm if wanted) where the channels grow. He initialization.
    Without BatchNorm, each of ``n_blocks`` branches would add twice the second moment of its input, and logits would grow
    exponentially with depth. The last convolution of each branch is therefore scaled by n^-1/2: all n blocks together multiply
    the second moment by (1 + 2/n)^n < e^2 at most (Hanin & Rolnick 2018: branches whose scales have a bounded sum).
    """

    def __init__(self, inputs: int, outputs: int, batch_norm: bool, n_blocks: int):
        super().__init__()
        grows = inputs != outputs
        last = _he(nn.Conv2d(outputs, outputs, 3, padding=1, bias=not batch_norm))
        if not batch_norm:
            with torch.no_grad():
                last.weight.mul_(n_blocks**-0.5)
        first = convolution(inputs, outputs, batch_norm, stride=2 if grows else 1)
        self.branch = nn.Sequential(first, last, *_normalizing(outputs, batch_norm))
        self.shortcut = _projection(inputs, outputs, batch_norm) if grows else nn.Identity()
        self.relu = nn.ReLU()

    def forward(self, values: Tensor) -> Tensor:
        """The outputs of the block, (n, outputs, ...), for values of shape (n, inputs, height, width)."""
        return self.relu(self.branch(values) + self.shortcut(values))


def readout(inputs: int, n_classes: int) -> nn.Linear:
    """The linear map from the last hidden layer to the logits; He initialization, biases 0."""
    return _he(nn.Linear(inputs, n_classes))


def _projection(inputs: int, outputs: int, batch_norm: bool) -> nn.Sequential:
    weighted = _he(nn.Conv2d(inputs, outputs, 1, stride=2, bias=False))
    return nn.Sequential(weighted, *_normalizing(outputs, batch_norm))


def _normalizing(channels: int, batch_norm: bool) -> list[nn.Module]:
    return [nn.BatchNorm2d(channels)] if batch_norm else []


def _he(layer):
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer
