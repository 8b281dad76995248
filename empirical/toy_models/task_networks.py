"""Small networks with one output trained on binary tasks by full-batch descent, many at once, beside their linearization.

Descent is on (1 / 2n) sum (f - f_0 - y)^2 with heavy-ball momentum, for the movement f - f_0 away from the first outputs, and
targets y of +-1. The linearization of a network is the same descent with its tangent kernel at initialization. Networks are
stacked, and none depends on the others.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from empirical.toy_models.stacked_perceptrons import Perceptrons, flat

MOMENTUM = 0.9
Images = np.ndarray  # (networks, n, channels, height, width)
Targets = np.ndarray  # (networks, n)


def stacked(models: Sequence[nn.Sequential]) -> Perceptrons:
    """Fully connected networks of :func:`empirical.toy_models.small_networks.network`, in float32."""
    return Perceptrons.of(models, torch.float32)


def train(
    started: Perceptrons, images: Images, targets: Targets, rates: np.ndarray, n_steps: int
) -> tuple[Perceptrons, np.ndarray]:
    """The networks after training, and the loss before every step relative to the first loss, (networks, n_steps).

    :param started: networks with one output; they are left as they are.
    :param rates: learning rate of each network, (networks,).
    """
    networks, shown = started.copied(), flat(torch.as_tensor(images, dtype=torch.float32))
    first, wanted = networks.at(shown).outputs, torch.as_tensor(targets, dtype=torch.float32)[..., None]
    shares = torch.as_tensor(rates / wanted.shape[1], dtype=torch.float32)[:, None, None]
    speeds = [(torch.zeros_like(weights), torch.zeros_like(biases)) for weights, biases in networks.layers]
    losses = []
    for _ in range(n_steps):
        held = networks.at(shown)
        errors = held.outputs - first - wanted
        losses.append(errors.square().mean((1, 2)).numpy())
        # With the rates in the slopes, descent is along what the slopes add up to.
        _step(networks, speeds, held.entering, networks.slopes(held, shares * errors))
    return networks, np.stack(losses, axis=1) / losses[0][:, None]


def _step(networks: Perceptrons, speeds, entering: Sequence[Tensor], slopes: Sequence[Tensor]) -> None:
    """One step with heavy-ball momentum, in place."""
    for layer, moving, held, slope in zip(networks.layers, speeds, entering, slopes, strict=True):
        (weights, biases), (speed, bias_speed) = layer, moving
        torch.baddbmm(speed, held.mT, slope, beta=MOMENTUM, alpha=-1, out=speed)
        weights += speed
        biases += bias_speed.mul_(MOMENTUM).sub_(slope.sum(1, keepdim=True))


def movements(started: Perceptrons, trained: Perceptrons, images: Images) -> np.ndarray:
    """f - f_0 at any images, (networks, n)."""
    shown = flat(torch.as_tensor(images, dtype=torch.float32))
    return (trained.at(shown).outputs - started.at(shown).outputs)[..., 0].numpy()


def linearized_movements(kernels: np.ndarray, targets: np.ndarray, rates: np.ndarray, n_steps: int) -> np.ndarray:
    """f - f_0 of linearizations after ``n_steps`` of the same descent, (networks, m, tasks).

    :param kernels: tangent kernels between m images, of which the first n are trained on, and these n, (networks, m, n).
    :param targets: (networks, n, tasks). :param rates: (networks,).
    """
    # One network after another, so that its kernel stays in a processor's cache.
    each = zip(kernels, targets, rates, strict=True)
    return np.stack([kernel @ _descended(kernel[: len(own)], own, rate, n_steps) for kernel, own, rate in each])


def _descended(kernel: np.ndarray, targets: np.ndarray, rate: float, n_steps: int) -> np.ndarray:
    """The weights of a linearization's training images after the descent, (n, tasks); its kernel is (n, n)."""
    kernel, weights, speed = np.ascontiguousarray(kernel), np.zeros_like(targets), np.zeros_like(targets)
    for _ in range(n_steps):
        speed = MOMENTUM * speed - rate * (kernel @ weights - targets) / len(targets)
        weights = weights + speed
    return weights
