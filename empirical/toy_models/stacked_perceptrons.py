"""Fully connected networks of :func:`empirical.toy_models.small_networks.network`, stacked, with gradients written out.

On networks this small autograd takes longer than the arithmetic, and loading what it needs half a second. No network depends on
the others.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

Layers = tuple[tuple[Tensor, Tensor], ...]  # weights (networks, inputs, outputs) and biases (networks, 1, outputs), input first


@dataclass(frozen=True)
class Pass:
    """One pass of points through the layers of all networks.

    entering: what enters each layer, (networks, n, inputs). bent: what enters each nonlinearity. outputs: (networks, n, C).
    """

    entering: list[Tensor]
    bent: list[Tensor]
    outputs: Tensor


@dataclass(frozen=True)
class Perceptrons:
    """Networks side by side; like: one of them, whose weights do not count."""

    layers: Layers
    like: nn.Sequential

    @classmethod
    def of(cls, models: Sequence[nn.Sequential], dtype: torch.dtype) -> "Perceptrons":
        """Networks of one architecture, with copies of their weights.

        :raises ValueError: a network has other layers than linear ones with biases, each but the last followed by GELU.
        """
        chain = [type(layer) for layer in models[0] if not isinstance(layer, nn.Flatten)]
        if chain != [nn.Linear, nn.GELU] * (len(chain) // 2) + [nn.Linear]:
            raise ValueError(f"networks must be linear layers with GELU between them; received {models[0]}")
        linear = [[layer for layer in model if isinstance(layer, nn.Linear)] for model in models]
        with torch.no_grad():
            layers = tuple(
                (
                    torch.stack([one.weight.T for one in same]).to(dtype),
                    torch.stack([one.bias[None] for one in same]).to(dtype),
                )
                for same in zip(*linear, strict=True)
            )
        return cls(layers, models[0])

    def copied(self) -> "Perceptrons":
        """Networks of equal weights, which may be changed in place."""
        return Perceptrons(tuple((weights.clone(), biases.clone()) for weights, biases in self.layers), self.like)

    def taken(self, places: Tensor) -> "Perceptrons":
        """The networks at some places, (k,), in their order; a network may be taken more than once."""
        return Perceptrons(tuple((weights[places], biases[places]) for weights, biases in self.layers), self.like)

    def modules(self) -> list[nn.Sequential]:
        """The networks as modules."""
        found = [copy.deepcopy(self.like) for _ in self.layers[0][0]]
        with torch.no_grad():
            for index, model in enumerate(found):
                linear = [layer for layer in model if isinstance(layer, nn.Linear)]
                for layer, (weights, biases) in zip(linear, self.layers, strict=True):
                    layer.weight.copy_(weights[index].T)
                    layer.bias.copy_(biases[index, 0])
        return found

    def at(self, shown: Tensor) -> Pass:
        """A pass of points, (networks, n, d)."""
        entering, bent = [shown], []
        for weights, biases in self.layers[:-1]:
            bent.append(torch.baddbmm(biases, entering[-1], weights))
            entering.append(functional.gelu(bent[-1]))
        weights, biases = self.layers[-1]
        return Pass(entering, bent, torch.baddbmm(biases, entering[-1], weights))

    def slopes(self, held: Pass, slope: Tensor) -> list[Tensor]:
        """The derivatives by what leaves each layer before the nonlinearity, (networks, n, outputs), input first.

        :param slope: the derivative by the outputs, (networks, n, C).
        """
        found = [slope]
        for (weights, _), bent in zip(self.layers[:0:-1], held.bent[::-1], strict=True):
            found.append(torch.ops.aten.gelu_backward(found[-1] @ weights.mT, bent))
        return found[::-1]


def flat(images: Tensor) -> Tensor:
    """Images of networks, (networks, n, ...), as points, (networks, n, d)."""
    return images.flatten(2)
