"""Two-layer ReLU networks f(x) = sum_k v_k max(0, w_k . x - b_k) + beta under the loss (1 / 2n) sum_i (f(x_i) - y_i)^2.

One network in float64 has its exact Hessian, by automatic differentiation. Many networks, each with points, labels and weights
of its own, are trained together by full-batch gradient descent, in the precision of their points.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.func import hessian

Points = np.ndarray  # (networks, n, d)
Labels = np.ndarray  # (networks, n)


@dataclass(frozen=True)
class Networks:
    """Networks side by side: w, (networks, d, K), b, (networks, 1, K), v, (networks, K, 1), beta, (networks, 1, 1)."""

    directions: Tensor
    thresholds: Tensor
    outputs: Tensor
    bias: Tensor

    @classmethod
    def of(cls, directions: np.ndarray, thresholds: np.ndarray, outputs: np.ndarray, bias: float) -> "Networks":
        """A single network of w, (K, d), b, (K,), v, (K,), and beta, in float64."""
        w, b, v = (torch.as_tensor(np.asarray(one, dtype=float)) for one in (directions, thresholds, outputs))
        return cls(w.T[None], b[None, None], v[None, :, None], torch.full((1, 1, 1), float(bias), dtype=torch.float64))

    @classmethod
    def drawn(cls, n_inputs: int, width: int, rngs: Sequence[np.random.Generator], scale: float) -> "Networks":
        """A network for each generator, in float32.

        w is Gaussian with the standard deviation ``scale``, v with 1 / sqrt(width); b and beta are 0.
        """
        drawn = [(rng.standard_normal((n_inputs, width)), rng.standard_normal((width, 1))) for rng in rngs]
        w, v = (torch.from_numpy(np.stack(one)).float() for one in zip(*drawn, strict=True))
        return cls(scale * w, torch.zeros(len(w), 1, width), v / np.sqrt(width), torch.zeros(len(w), 1, 1))

    @property
    def parameters(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """w, b, v and beta."""
        return self.directions, self.thresholds, self.outputs, self.bias

    def at(self, points: Points) -> np.ndarray:
        """The outputs at points, (networks, n)."""
        with torch.no_grad():
            return _outputs(self.parameters, torch.as_tensor(points).to(self.bias.dtype)).numpy()


def loss_hessian(network: Networks, points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The exact Hessian of the loss of one network for all its parameters, (parameters, parameters).

    :param points: (n, d). :param labels: (n,).
    """
    shown, wanted = torch.as_tensor(points)[None], torch.as_tensor(labels)
    sizes = [one.numel() for one in network.parameters]

    def loss(flat: Tensor) -> Tensor:
        parts = [part.reshape(like.shape) for part, like in zip(flat.split(sizes), network.parameters, strict=True)]
        return (_outputs(parts, shown)[0] - wanted).square().mean() / 2

    return hessian(loss)(torch.cat([one.flatten() for one in network.parameters])).numpy()


def descend(networks: Networks, points: Points, labels: Labels, rate: float, n_steps: int) -> Networks:
    """The networks after full-batch gradient descent, each on the loss of its own points and labels.

    The gradient is written out, in arrays that are used again: autograd takes twice as long. Its order of operations is kept,
    because networks near the edge of stability make differences of rounding large.
    """
    shown, wanted = (torch.as_tensor(one).to(networks.bias.dtype) for one in (points, labels[..., None]))
    directions, thresholds, outputs, bias = (one.clone() for one in networks.parameters)
    held, share = shown @ directions, 1 / (2 * wanted.shape[1])
    pulled = torch.empty_like(held)
    for _ in range(n_steps):
        torch.baddbmm(-thresholds, shown, directions, out=held).relu_()
        slopes = share * (2 * (torch.baddbmm(bias, held, outputs) - wanted))
        output_slopes = held.mT @ slopes
        torch.mul(slopes, outputs.mT, out=pulled).mul_(held.sign_())
        directions -= rate * (shown.mT @ pulled)
        thresholds += rate * pulled.sum(1, keepdim=True)
        outputs -= rate * output_slopes
        bias -= rate * slopes.sum(1, keepdim=True)
    return Networks(directions, thresholds, outputs, bias)


def _outputs(parameters: Sequence[Tensor], shown: Tensor) -> Tensor:
    """The outputs, (networks, n)."""
    directions, thresholds, outputs, bias = parameters
    held = torch.baddbmm(-thresholds, shown, directions).relu()
    return torch.baddbmm(bias, held, outputs)[..., 0]
