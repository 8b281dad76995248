"""Optimizers of many networks at once, each of which goes its own way: gradient descent with momentum, and Adam.

Gradient descent measures its rate in units of 1 / curvature, where the curvature is the largest eigenvalue of J J^T, and J
the derivative of a network's outputs by its weights. It is measured anew during training, because it grows by orders of
magnitude where the first outputs are small. The rate and the starting vector of the measurement do not depend on the
coordinates of the outputs, so that descent keeps its symmetry under rotations.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.func import jvp, vjp

Weights = list[Tensor]  # for each layer, (networks, ...)
Forward = Callable[..., Tensor]  # from the weights of all layers to outputs, (networks, m, H, W)

STEPS_BETWEEN, POWER_STEPS, FIRST_POWER_STEPS = 10, 2, 30
MEAN, SQUARE, FLOOR = 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Descent:
    """Full-batch gradient descent on half the squared error.

    rate: the step, in units of 1 / curvature. momentum: of the heavy ball, within 0..1 without 1.
    """

    rate: float = 0.25
    momentum: float = 0.0

    def __post_init__(self) -> None:
        _require_rate(self.rate)
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum must be within 0..1 without 1; received {self.momentum!r}")

    def started(self, weights: Weights, shown: Tensor) -> "DescentSteps":
        """The optimizer before its first step, for networks whose targets are ``shown``, (networks, n, H, W)."""
        return DescentSteps(self, weights, shown)


@dataclass(frozen=True)
class Adam:
    """Adam with its usual constants, 0.9 and 0.999. rate: the learning rate."""

    rate: float = 1e-3

    def __post_init__(self) -> None:
        _require_rate(self.rate)

    def started(self, weights: Weights, shown: Tensor) -> "AdamSteps":
        """The optimizer before its first step."""
        return AdamSteps(self, weights)


Optimizer = Descent | Adam


class DescentSteps:
    """Gradient descent on its way: the velocities and curvatures of networks."""

    def __init__(self, optimizer: Descent, weights: Weights, shown: Tensor) -> None:
        self.optimizer, self.n_steps = optimizer, 0
        self.velocity = [torch.zeros_like(layer) for layer in weights]
        self.direction, self.curvature = shown.clone(), torch.ones(len(shown), dtype=shown.dtype)
        # Of a fully connected network that reproduces its image with the least weights.
        self.least = len(weights) * shown.square().sum((1, 2, 3))

    def keep(self, kept: Tensor) -> None:
        """Forget the networks that are not kept, (networks,) bool."""
        self.velocity = [layer[kept] for layer in self.velocity]
        self.direction, self.curvature, self.least = self.direction[kept], self.curvature[kept], self.least[kept]

    def step(self, weights: Weights, slopes: list[Tensor], forward: Forward) -> Weights:
        """The weights after one step along the gradients; all arrays are changed in place, the gradients too."""
        if self.n_steps % STEPS_BETWEEN == 0:
            n_powers = POWER_STEPS if self.n_steps else FIRST_POWER_STEPS
            self.curvature, self.direction = largest_curvature(forward, weights, self.direction, n_powers)
        self.n_steps += 1
        rates = self.optimizer.rate / torch.maximum(self.curvature, self.least)
        for layer, moved, slope in zip(weights, self.velocity, slopes, strict=True):
            layer.add_(moved.mul_(self.optimizer.momentum).sub_(slope.mul_(_alongside(rates, slope))))
        return weights


class AdamSteps:
    """Adam on its way: the moments of gradients."""

    def __init__(self, optimizer: Adam, weights: Weights) -> None:
        self.rate, self.n_steps = optimizer.rate, 0
        self.means, self.squares = ([torch.zeros_like(layer) for layer in weights] for _ in range(2))

    def keep(self, kept: Tensor) -> None:
        """Forget the networks that are not kept, (networks,) bool."""
        self.means, self.squares = ([layer[kept] for layer in moments] for moments in (self.means, self.squares))

    def step(self, weights: Weights, slopes: list[Tensor], forward: Forward) -> Weights:
        """The weights after one step; all arrays are changed in place, the gradients too."""
        self.n_steps += 1
        mean_share, square_share = 1 - MEAN**self.n_steps, 1 - SQUARE**self.n_steps
        for layer, mean, square, slope in zip(weights, self.means, self.squares, slopes, strict=True):
            mean.mul_(MEAN).add_((1 - MEAN) * slope)
            square.mul_(SQUARE).add_(slope.square_().mul_(1 - SQUARE))
            size = torch.div(square, square_share, out=slope).sqrt_().add_(FLOOR)
            layer.sub_((mean / mean_share).mul_(self.rate).div_(size))
        return weights


def largest_curvature(forward: Forward, weights: Weights, direction: Tensor, n_steps: int) -> tuple[Tensor, Tensor]:
    """The largest eigenvalue of J J^T of each network, (networks,), and its direction, by power iteration.

    :param direction: where to start, (networks, m, H, W).
    """
    # A network whose units are all off has no derivative.
    least = torch.finfo(direction.dtype).tiny
    size = torch.ones(len(direction), dtype=direction.dtype)
    for _ in range(n_steps):
        direction = direction / _alongside(_size(direction).clamp_min(least), direction)
        direction = jvp(forward, tuple(weights), vjp(forward, *weights)[1](direction))[1]
        size = _size(direction).clamp_min(least)
    return size, direction


def _size(arrays):
    return arrays.flatten(1).norm(dim=1)


def _alongside(numbers, arrays):
    """One number for each network, of a shape that multiplies arrays (networks, ...)."""
    return numbers.reshape(-1, *[1] * (arrays.ndim - 1))


def _require_rate(rate):
    if not (np.isfinite(rate) and rate > 0):
        raise ValueError(f"rate must be finite and > 0; received {rate!r}")
