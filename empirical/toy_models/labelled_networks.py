"""Small networks trained on labels by full-batch gradient descent, many at once, in the precision of their images.

Networks of one architecture are stacked: each has weights, images and labels of its own, and none depends on the others.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call, jvp, stack_module_state, vmap
from torch.nn import functional

Weights = tuple[Tensor, ...]  # for each parameter, (networks, ...)


def descend(
    models: Sequence[nn.Module], inputs: np.ndarray, targets: np.ndarray, rates: np.ndarray, n_steps: int
) -> np.ndarray:
    """How far the outputs have moved before every step of descent on (1 / 2n) sum ||f - f_0 - target||^2, and after the last.

    :param inputs: (networks, n, channels, height, width).
    :param targets: for the movement f - f_0 away from the first outputs, (networks, n, C).
    :param rates: learning rate of each network, (networks,).
    :returns: f - f_0, (n_steps + 1, networks, n, C).
    """
    outputs, weights = _stacked(models, inputs)
    first = outputs(*weights).detach()
    wanted = torch.as_tensor(targets).to(first.dtype)
    moved = []
    for _ in range(n_steps + 1):
        leaves = [layer.requires_grad_() for layer in weights]
        now = outputs(*leaves) - first
        moved.append(now.detach().numpy())
        slopes = torch.autograd.grad((now - wanted).square().sum() / (2 * wanted.shape[1]), leaves)
        weights = _stepped(weights, slopes, torch.as_tensor(rates).to(first.dtype))
    return np.stack(moved)


def summed_alignments(
    models: Sequence[nn.Module], inputs: np.ndarray, labels: np.ndarray, learning_rate: float, n_steps: int, members: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The sum over steps of rate times <g_i, G>, and the drop of the cross-entropy, of every example, (networks, n) each.

    Descent follows the mean gradient of all examples. G is the mean gradient of ``members``, bool, (networks, n), which is the
    same where all are members.

    :param inputs: (networks, n, channels, height, width). :param labels: (networks, n).
    """
    losses, weights = _losses(models, inputs, labels)
    rate, chosen = torch.full((len(models),), learning_rate, dtype=torch.float64), _shares(members)
    first, total = losses(*weights).detach(), torch.zeros(labels.shape, dtype=torch.float64)
    for _ in range(n_steps):
        slopes = _gradients(losses, weights, _shares(np.ones(labels.shape)))
        along = slopes if np.all(members) else _gradients(losses, weights, chosen)
        total += learning_rate * jvp(losses, weights, along)[1]
        weights = _stepped(weights, slopes, rate)
    return total.numpy(), (first - losses(*weights).detach()).numpy()


def alignments(models: Sequence[nn.Module], inputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """<g_i, G> of the cross-entropy of every example with the mean over all examples, as the networks are, (networks, n)."""
    losses, weights = _losses(models, inputs, labels)
    return jvp(losses, weights, _gradients(losses, weights, _shares(np.ones(labels.shape))))[1].numpy()


def _stacked(models, inputs) -> tuple[Callable[..., Tensor], Weights]:
    """A function from the weights to the outputs, (networks, n, C), and the weights."""
    values, base, shown = stack_module_state(list(models))[0], models[0], torch.as_tensor(inputs)
    names = list(values)
    one = vmap(lambda weights, images: functional_call(base, weights, (images,)))
    weights = tuple(layer.detach().to(shown.dtype, copy=True) for layer in values.values())
    return (lambda *layers: one(dict(zip(names, layers, strict=True)), shown)), weights


def _losses(models, inputs, labels) -> tuple[Callable[..., Tensor], Weights]:
    """A function from the weights to the cross-entropy of every example, (networks, n), and the weights."""
    outputs, weights = _stacked(models, inputs)
    wanted = torch.as_tensor(labels)
    return (lambda *layers: functional.cross_entropy(outputs(*layers).mT, wanted, reduction="none")), weights


def _shares(members) -> Tensor:
    members = torch.as_tensor(np.asarray(members, dtype=float))
    return members / members.sum(1, keepdim=True)


def _gradients(losses, weights, shares) -> Weights:
    leaves = [layer.detach().requires_grad_() for layer in weights]
    return torch.autograd.grad((losses(*leaves) * shares).sum(), leaves)


def _stepped(weights, slopes, rates) -> Weights:
    return tuple(
        (layer - rates.reshape(-1, *[1] * (layer.ndim - 1)) * slope).detach()
        for layer, slope in zip(weights, slopes, strict=True)
    )
