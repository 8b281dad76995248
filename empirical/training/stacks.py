"""Stacks of small networks of one shape that are trained at once, by backpropagation written out over stacked weights.

A step of a small network is dozens of operations, each of which takes longer to start than to run. In a stack they start once
for all networks. The networks have two hidden layers with ReLU. They are trained by plain SGD on the mean cross-entropy of a
batch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from empirical.errors import GeomemError, SpecError

# Measured on one thread with 784 inputs: in a stack of 16, an epoch of a network takes half of the time that it takes alone at
# width 64, three quarters at 128, and as long at 256.
WIDEST = 64
# Weights and biases of one network: W_1 (d, w), b_1 (1, w), W_2 (w, w), b_2 (1, w), W_3 (w, C), b_3 (1, C).
Parameters = tuple[Tensor, ...]
Images = Tensor  # (K, n, d), the images of each network; expanded where all networks have the same
Labels = Tensor  # (K, n), int64


@dataclass(frozen=True)
class Stack:
    """K networks of one shape.

    parameters: as :data:`Parameters`, each with a first axis of K networks.
    """

    parameters: Parameters

    @classmethod
    def of(cls, networks: Sequence[Parameters]) -> "Stack":
        """The stack of these networks.

        :raises SpecError: the networks differ in shape, or are wider than :data:`WIDEST`.
        """
        shapes = [[tuple(parameter.shape) for parameter in network] for network in networks]
        for number, shape in enumerate(shapes):
            if shape != shapes[0]:
                raise SpecError(
                    f"the networks of a stack must have one shape; network 0 has parameters {shapes[0]} and network {number} "
                    f"has {shape}: make a stack of each shape"
                )
        width = shapes[0][0][1]
        if width > WIDEST:
            raise SpecError(
                f"the networks of a stack must have at most {WIDEST} hidden units; received {width}: a stack of wider networks "
                "is hardly faster, so train them one after the other"
            )
        return cls(tuple(torch.stack(each) for each in zip(*networks, strict=True)))

    def copy(self) -> "Stack":
        """A stack that further steps of this one leave as it is."""
        return Stack(tuple(parameter.clone() for parameter in self.parameters))

    def activations(self, images: Images) -> tuple[Tensor, Tensor, Tensor]:
        """The outputs of both hidden layers, (K, n, w), and the logits, (K, n, C)."""
        w1, b1, w2, b2, w3, b3 = self.parameters
        first = torch.baddbmm(b1, images, w1).relu_()
        second = torch.baddbmm(b2, first, w2).relu_()
        return first, second, torch.baddbmm(b3, second, w3)

    def step(self, images: Images, labels: Labels, rate: float) -> None:
        """Take one step of SGD in place, each network on its own batch."""
        w1, b1, w2, b2, w3, b3 = self.parameters
        first, second, logits = self.activations(images)
        at_logits = residuals(logits, labels)
        at_second, at_first = slopes(self, first, second, at_logits)
        for weight, bias, below, slope in ((w3, b3, second, at_logits), (w2, b2, first, at_second), (w1, b1, images, at_first)):
            weight.baddbmm_(below.mT, slope, alpha=-rate)
            bias.sub_(slope.sum(1, keepdim=True), alpha=rate)

    def predicted(self, images: Images) -> Tensor:
        """The class that each network assigns to each image, (K, n)."""
        return self.activations(images)[2].argmax(2)


def drawn(n_inputs: int, width: int, n_classes: int, streams: Iterable[np.random.Generator], dtype: torch.dtype) -> Stack:
    """The stack of one network for each stream, with He initialization (He et al. 2015) and biases 0.

    :raises SpecError: see :meth:`Stack.of`.
    """
    sizes = ((n_inputs, width), (width, width), (width, n_classes))
    networks = []
    for rng in streams:
        weights = [torch.from_numpy(rng.standard_normal(size) * np.sqrt(2 / size[0])).to(dtype) for size in sizes]
        networks.append(tuple(each for weight in weights for each in (weight, torch.zeros(1, weight.shape[1], dtype=dtype))))
    return Stack.of(networks)


def slopes(stack: Stack, first: Tensor, second: Tensor, at_logits: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients with respect to the inputs of the ReLUs, of the second hidden layer and of the first, (..., K, n, w).

    :param first, second: outputs of the hidden layers, (K, n, w).
    :param at_logits: the gradients with respect to the logits, (..., K, n, C).
    """
    _, _, w2, _, w3, _ = stack.parameters
    at_second = (at_logits @ w3.mT).mul_(second > 0)
    return at_second, (at_second @ w2.mT).mul_(first > 0)


def residuals(logits: Tensor, labels: Labels) -> Tensor:
    """The gradient of the mean cross-entropy of each network with respect to its logits, (K, n, C)."""
    probabilities = logits.softmax(2)
    probabilities.scatter_add_(2, labels[..., None], torch.full_like(labels[..., None], -1, dtype=logits.dtype))
    return probabilities.div_(logits.shape[1])


def one_epoch(stack: Stack, images: Images, labels: Labels, orders: Tensor, batch_size: int, rate: float) -> None:
    """Train in place on every image once; the last batch has the images that are left.

    :param orders: the order in which each network sees its images, int64, (K, n).
    :param rate: learning rate.
    :raises GeomemError: the weights of a network are not finite afterwards.
    """
    networks = torch.arange(len(orders))[:, None]
    for batch in orders.split(batch_size, dim=1):
        stack.step(images[networks, batch], labels.gather(1, batch), rate)
    finite = torch.stack([parameter.isfinite().flatten(1).all(1) for parameter in stack.parameters]).all(0)
    if not finite.all():
        lost = ", ".join(map(str, (~finite).nonzero().flatten().tolist()))
        raise GeomemError(f"weights are not finite in these networks of a stack: {lost}; lower the learning rate ({rate})")
