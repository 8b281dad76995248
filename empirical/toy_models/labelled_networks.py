"""Small networks trained on labels by full-batch gradient descent, many at once, in the precision of their images.

Networks of one architecture are stacked: each has weights, images and labels of its own, and none depends on the others.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from empirical.toy_models.stacked_perceptrons import Pass, Perceptrons, flat


def descend(
    models: Sequence[nn.Sequential], inputs: np.ndarray, targets: np.ndarray, rates: np.ndarray, n_steps: int
) -> np.ndarray:
    """How far the outputs have moved before every step of descent on (1 / 2n) sum ||f - f_0 - target||^2, and after the last.

    :param models: fully connected networks of :func:`empirical.toy_models.small_networks.network`.
    :param inputs: (networks, n, channels, height, width).
    :param targets: for the movement f - f_0 away from the first outputs, (networks, n, C).
    :param rates: learning rate of each network, (networks,).
    :returns: f - f_0, (n_steps + 1, networks, n, C).
    """
    networks, shown = _stacked(models, inputs)
    first = networks.at(shown).outputs
    wanted, moved = torch.as_tensor(targets).to(first.dtype), torch.empty(n_steps + 1, *first.shape, dtype=first.dtype)
    shares = (torch.as_tensor(rates) / wanted.shape[1]).to(first.dtype)[:, None, None]
    for step in range(n_steps + 1):
        held = networks.at(shown)
        torch.sub(held.outputs, first, out=moved[step])
        if step < n_steps:
            # With the rates in the slopes, descent is along what the slopes add up to.
            _step(networks, held, networks.slopes(held, shares * (moved[step] - wanted)))
    return moved.numpy()


def summed_alignments(
    models: Sequence[nn.Sequential],
    inputs: np.ndarray,
    labels: np.ndarray,
    learning_rate: float,
    n_steps: int,
    members: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The sum over steps of rate times <g_i, G>, and the drop of the cross-entropy, of every example, (networks, n) each.

    Descent follows the mean gradient of all examples. G is the mean gradient of ``members``, bool, (networks, n), which is the
    same where all are members.

    :param models: as in :func:`descend`.
    :param inputs: (networks, n, channels, height, width). :param labels: (networks, n).
    """
    (networks, shown), wanted = _stacked(models, inputs), torch.as_tensor(labels)
    total = torch.zeros(labels.shape, dtype=shown.dtype)
    first = _losses(networks.at(shown), wanted)
    for _ in range(n_steps):
        held = networks.at(shown)
        slopes = networks.slopes(held, _logit_slopes(held, wanted))
        total += learning_rate * _along(held, slopes, members)
        _step(networks, held, [learning_rate / labels.shape[1] * slope for slope in slopes])
    return total.numpy(), (first - _losses(networks.at(shown), wanted)).numpy()


def alignments(models: Sequence[nn.Sequential], inputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """<g_i, G> of the cross-entropy of every example with the mean over all examples, as the networks are, (networks, n)."""
    networks, shown = _stacked(models, inputs)
    held = networks.at(shown)
    slopes = networks.slopes(held, _logit_slopes(held, torch.as_tensor(labels)))
    return _along(held, slopes, np.ones(labels.shape)).numpy()


def _stacked(models, inputs) -> tuple[Perceptrons, Tensor]:
    """The networks, which are copies, and their points."""
    shown = flat(torch.as_tensor(inputs))
    return Perceptrons.of(models, shown.dtype), shown


def _losses(held: Pass, wanted: Tensor) -> Tensor:
    """The cross-entropy of every example, (networks, n)."""
    return functional.cross_entropy(held.outputs.mT, wanted, reduction="none")


def _logit_slopes(held: Pass, wanted: Tensor) -> Tensor:
    """The derivative of each example's cross-entropy by its logits, (networks, n, C)."""
    return held.outputs.softmax(2) - functional.one_hot(wanted, held.outputs.shape[2])


def _along(held: Pass, slopes: Sequence[Tensor], members) -> Tensor:
    """The inner product of each example's gradient with the mean gradient of the members, (networks, n).

    The gradient of an example by a layer's weights is the outer product of what enters the layer and of its slope.
    """
    chosen = torch.as_tensor(np.asarray(members, dtype=float)).to(held.outputs.dtype)
    shares, total = (chosen / chosen.sum(1, keepdim=True))[..., None], torch.zeros(chosen.shape, dtype=chosen.dtype)
    for entering, slope in zip(held.entering, slopes, strict=True):
        weighted = shares * slope
        total += ((entering @ (entering.mT @ weighted) + weighted.sum(1, keepdim=True)) * slope).sum(2)
    return total


def _step(networks: Perceptrons, held: Pass, slopes: Sequence[Tensor]) -> None:
    """Descend along the sum of the slopes over points, in place."""
    for (weights, biases), entering, slope in zip(networks.layers, held.entering, slopes, strict=True):
        torch.baddbmm(weights, entering.mT, slope, alpha=-1, out=weights)
        biases -= slope.sum(1, keepdim=True)
