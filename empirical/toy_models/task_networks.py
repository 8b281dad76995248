"""Small networks with one output trained on binary tasks by full-batch descent, many at once, beside their linearization.

Descent is on (1 / 2n) sum (f - f_0 - y)^2 with heavy-ball momentum, for the movement f - f_0 away from the first outputs, and
targets y of +-1. The linearization of a network is the same descent with its tangent kernel at initialization. Networks are
stacked, and none depends on the others.
"""

import copy
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

MOMENTUM = 0.9
Images = np.ndarray  # (networks, n, channels, height, width)
Targets = np.ndarray  # (networks, n)


def train(
    models: Sequence[nn.Module], images: Images, targets: Targets, rates: np.ndarray, n_steps: int
) -> tuple[list[nn.Module], np.ndarray]:
    """The networks after training, and the loss before every step relative to the first loss, (networks, n_steps).

    :param models: of one architecture with one output; they are left as they are.
    :param rates: learning rate of each network, (networks,).
    """
    values, shown = _float_state(models), torch.as_tensor(images, dtype=torch.float32)
    names, leaves = list(values), [value.clone().requires_grad_() for value in values.values()]
    first, wanted = _outputs(models[0], values, shown), torch.as_tensor(targets, dtype=torch.float32)
    scales, speeds, losses = torch.as_tensor(rates, dtype=torch.float32), [torch.zeros_like(leaf) for leaf in leaves], []
    for _ in range(n_steps):
        moved = _outputs(models[0], dict(zip(names, leaves, strict=True)), shown) - first
        errors = (moved - wanted).square().mean(1)
        losses.append(errors.detach().numpy())
        slopes = torch.autograd.grad(errors.sum() / 2, leaves)
        with torch.no_grad():
            for leaf, speed, slope in zip(leaves, speeds, slopes, strict=True):
                speed.mul_(MOMENTUM).sub_(scales.reshape(-1, *[1] * (leaf.ndim - 1)) * slope)
                leaf.add_(speed)
    weights = {name: leaf.detach() for name, leaf in zip(names, leaves, strict=True)}
    return _unstacked(models, weights), np.stack(losses, axis=1) / losses[0][:, None]


def movements(started: Sequence[nn.Module], trained: Sequence[nn.Module], images: Images) -> np.ndarray:
    """f - f_0 at any images, (networks, n)."""
    shown = torch.as_tensor(images, dtype=torch.float32)
    before, after = (_outputs(models[0], _float_state(models), shown) for models in (started, trained))
    return (after - before).numpy()


def linearized_movements(kernels: np.ndarray, targets: np.ndarray, rates: np.ndarray, n_steps: int) -> np.ndarray:
    """f - f_0 of linearizations after ``n_steps`` of the same descent, (networks, m, tasks).

    :param kernels: tangent kernels between m images, of which the first n are trained on, and these n, (networks, m, n).
    :param targets: (networks, n, tasks). :param rates: (networks,).
    """
    n, own = targets.shape[1], kernels[:, : targets.shape[1]]
    weights, speed = np.zeros_like(targets), np.zeros_like(targets)
    for _ in range(n_steps):
        speed = MOMENTUM * speed - rates[:, None, None] * (own @ weights - targets) / n
        weights = weights + speed
    return kernels @ weights


def _float_state(models) -> dict[str, Tensor]:
    return {name: value.detach().float() for name, value in stack_module_state(list(models))[0].items()}


def _outputs(base, values, shown) -> Tensor:
    """The outputs of all networks, (networks, n)."""
    return vmap(lambda weights, images: functional_call(base, weights, (images,)))(values, shown)[..., 0]


def _unstacked(models, weights) -> list[nn.Module]:
    trained = [copy.deepcopy(model) for model in models]
    for index, model in enumerate(trained):
        model.load_state_dict({name: value[index] for name, value in weights.items()})
    return trained
