"""Networks of one hidden layer with ReLU and several outputs, trained lazily or richly, many at once, in float32.

The scale of the outputs decides how far weights move (Chizat, Oyallon & Bach 2019): descent on ||s (f - f_0) - y||^2 / 2 n s^2
is descent of f - f_0 towards y / s. With a large s the hidden layer hardly moves; with a small s it has to turn to the labels.
Descent is full-batch with heavy-ball momentum.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from empirical.toy_models.linear_networks import NotConverged

MOMENTUM = 0.9
# The most of the squared targets that a network may leave.
LEFT = 0.02
Points = np.ndarray  # (networks, n, d)
Targets = np.ndarray  # (networks, n, C)


@dataclass(frozen=True)
class ScaledNetworks:
    """Networks side by side: f(x) = max(0, x W) V.

    hidden: W, (networks, d, K). readout: V, (networks, K, C).
    """

    hidden: Tensor
    readout: Tensor

    @classmethod
    def drawn(cls, n_inputs: int, width: int, n_outputs: int, seeds: Sequence[int]) -> "ScaledNetworks":
        """A network for each seed; W is Gaussian with variance 2 / d, V with 1 / K."""
        streams = [np.random.default_rng(seed) for seed in seeds]
        hidden = np.stack([np.sqrt(2 / n_inputs) * rng.standard_normal((n_inputs, width)) for rng in streams])
        readout = np.stack([rng.standard_normal((width, n_outputs)) / np.sqrt(width) for rng in streams])
        return cls(torch.from_numpy(hidden).float(), torch.from_numpy(readout).float())

    def features(self, points: Points) -> np.ndarray:
        """What the hidden layer makes of points, (networks, n, K)."""
        with torch.no_grad():
            return (torch.as_tensor(points).float() @ self.hidden).relu().numpy()

    def trained(self, points: Points, targets: Targets, scale: float, rate: float, n_steps: int) -> "ScaledNetworks":
        """The networks after descent towards targets y.

        The gradient is written out, in arrays that are used again: autograd takes nearly twice as long.

        :param scale: s. :param rate: of the descent of f - f_0 towards y / s.
        :raises NotConverged: a network leaves more than a fiftieth of the squared targets.
        """
        shown, wanted = torch.as_tensor(points).float(), torch.as_tensor(targets).float() / scale
        weights, n_points = (self.hidden.clone(), self.readout.clone()), shown.shape[1]
        goal, speeds = _outputs(weights, shown) + wanted, tuple(torch.zeros_like(weight) for weight in weights)
        held, pulled = (torch.empty(*shown.shape[:2], self.hidden.shape[2]) for _ in range(2))
        for _ in range(n_steps):
            torch.bmm(shown, weights[0], out=held).relu_()
            slopes = (held @ weights[1] - goal) / n_points
            torch.bmm(slopes, weights[1].mT, out=pulled)
            _step(weights[1], speeds[1], held, slopes, rate)
            # The sign of what a ReLU hands on is the derivative of the ReLU.
            _step(weights[0], speeds[0], shown, pulled.mul_(held.sign_()), rate)
        hidden, readout = weights
        left = (_outputs(weights, shown) - goal).square().sum((1, 2)) / wanted.square().sum((1, 2))
        _require_learned(left.numpy(), n_steps)
        return ScaledNetworks(hidden, readout)


def _outputs(weights: Sequence[Tensor], shown: Tensor) -> Tensor:
    """The outputs, (networks, n, C)."""
    hidden, readout = weights
    return (shown @ hidden).relu() @ readout


def _step(weight: Tensor, speed: Tensor, entering: Tensor, slopes: Tensor, rate: float) -> None:
    """One step of heavy-ball momentum, in place."""
    torch.baddbmm(speed, entering.mT, slopes, beta=MOMENTUM, alpha=-rate, out=speed)
    weight.add_(speed)


def _require_learned(left: np.ndarray, n_steps: int) -> None:
    if not (left <= LEFT).all():
        raise NotConverged(
            f"networks must leave at most {LEFT} of the squared targets, and leave {', '.join(f'{one:.3f}' for one in left)} "
            f"after {n_steps} steps: take more steps, or a smaller rate if the error grows"
        )
