"""The blocks networks are made of: a weighted map, its BatchNorm where there is one, its nonlinearity."""

from torch import nn


def convolution(inputs: int, outputs: int, batch_norm: bool, stride: int = 1) -> nn.Sequential:
    """A 3x3 convolution, normalized where asked for, and ReLU; He initialization, biases 0.

    A normalized convolution has no bias: BatchNorm has one.
    """
    weighted = _he(nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=not batch_norm))
    return nn.Sequential(weighted, *[nn.BatchNorm2d(outputs)] * batch_norm, nn.ReLU())


def fully_connected(inputs: int, outputs: int, batch_norm: bool = False, dropout: float = 0.0) -> nn.Sequential:
    """A linear map, normalized where asked for, ReLU, and dropout where asked for; He initialization, biases 0."""
    weighted = _he(nn.Linear(inputs, outputs, bias=not batch_norm))
    dropping = [nn.Dropout(dropout)] if dropout else []
    return nn.Sequential(weighted, *[nn.BatchNorm1d(outputs)] * batch_norm, nn.ReLU(), *dropping)


def readout(inputs: int, n_classes: int) -> nn.Linear:
    """The linear map to the logits; He initialization, biases 0."""
    return _he(nn.Linear(inputs, n_classes))


def _he(layer):
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer
