"""Training of networks to reproduce one image or several, many networks at once, until each has reached a stated loss.

The loss is the squared error summed over pixels and images, relative to the sum of squares of the images. A network stops
before its first step at which the loss is reached, and leaves the group, so that its weights do not depend on the others.
An error is raised where some network does not get there: values of networks that have not converged are not comparable.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from empirical.toy_models.linear_networks import NotConverged
from empirical.toy_models.one_image_networks import Architecture, Images, Weights, for_each, initial_weights, outputs_of
from empirical.toy_models.stacked_optimizers import Adam, Optimizer

# Arrays of the size of the weights that are held during training: weights, gradients, and what an optimizer needs.
COPIES_OF_WEIGHTS = 6
# Arrays of the size of the activations: of each layer before and after the activation, and their gradients.
COPIES_OF_ACTIVATIONS = 4


class NotReproduced(NotConverged):
    """Networks did not come down to the stated loss; losses: their relative losses by seed."""

    def __init__(self, message: str, losses: dict[int, float]):
        super().__init__(message)
        self.losses = losses


@dataclass(frozen=True)
class Reproducers:
    """Networks that reproduce their images to the stated loss.

    weights: for each layer (networks, ...). relative_loss: of each network at the end. steps: that each network took.
    """

    architecture: Architecture
    weights: Weights
    relative_loss: np.ndarray
    steps: np.ndarray


def train(
    architecture: Architecture,
    images: Images,
    seeds: Sequence[int],
    optimizer: Optimizer | None = None,
    relative_loss: float = 1e-2,
    most_steps: int = 5000,
    dtype: torch.dtype = torch.float32,
) -> Reproducers:
    """Networks trained to reproduce images, one for each seed.

    :param images: (n, H, W) for all networks, or (networks, n, H, W).
    :param optimizer: None stands for Adam.
    :param relative_loss: at which a network stops, within 0..1, both excluded.
    :raises NotReproduced: a network has not reached the loss after ``most_steps`` steps, or its loss is not finite.
    :raises MemoryError: the networks need more memory than the machine has.
    """
    if not 0 < relative_loss < 1:
        raise ValueError(f"relative_loss must be within 0..1, both excluded; received {relative_loss!r}")
    if len(seeds) == 0:
        raise ValueError("seeds must name one network or more; received none")
    shown = for_each(images, len(seeds), dtype)
    if bool((shown.square().sum((1, 2, 3)) == 0).any()):
        raise ValueError("images must not all be 0: a network without biases reproduces a black image before it is trained")
    _check_memory(architecture, shown)
    weights = initial_weights(architecture, (shown.shape[2], shown.shape[3]), seeds, dtype)
    group, ended = _Group(architecture, shown, weights, optimizer or Adam()), _Ended(weights)
    for step in range(most_steps + 1):
        losses, slopes = group.slopes()
        reached = losses <= relative_loss
        ended.add(group, losses, reached, step)
        if bool(reached.all()):
            return Reproducers(architecture, ended.weights, ended.losses, ended.steps)
        if step == most_steps or not bool(losses.isfinite().all()):
            raise _not_converged(
                [seeds[index] for index in group.members[~reached].tolist()], losses[~reached], relative_loss, step
            )
        group.step(slopes, ~reached)
    raise AssertionError("the last step returns or raises")


class _Group:
    """The networks that are still trained."""

    def __init__(self, architecture, shown, weights, optimizer):
        self.architecture, self.shown, self.weights = architecture, shown, weights
        self.members, self.steps = torch.arange(len(shown)), optimizer.started(weights, shown)

    def slopes(self) -> tuple[Tensor, list[Tensor]]:
        """The relative losses, (networks,), and the gradients of half the squared error, for each layer."""
        leaves = [layer.detach().requires_grad_() for layer in self.weights]
        squares = (self._outputs(*leaves) - self.shown).square().sum((1, 2, 3))
        gradients = torch.autograd.grad(squares.sum() / 2, leaves)
        return squares.detach() / self.shown.square().sum((1, 2, 3)), list(gradients)

    def step(self, slopes: list[Tensor], kept: Tensor) -> None:
        """One step of the networks that are kept, (networks,) bool; the others leave the group."""
        if not bool(kept.all()):
            self.steps.keep(kept)
            self.members, self.shown = self.members[kept], self.shown[kept]
            self.weights, slopes = ([layer[kept] for layer in arrays] for arrays in (self.weights, slopes))
        self.weights = self.steps.step(self.weights, slopes, self._outputs)

    def _outputs(self, *weights):
        return outputs_of(self.architecture, list(weights), self.shown)


class _Ended:
    """The weights, losses and numbers of steps of the networks that have reached the loss."""

    def __init__(self, weights):
        self.weights = [torch.full_like(layer, torch.nan) for layer in weights]
        self.losses, self.steps = np.full(len(weights[0]), np.nan), np.zeros(len(weights[0]), dtype=int)

    def add(self, group: _Group, losses: Tensor, reached: Tensor, step: int) -> None:
        places = group.members[reached].numpy()
        for end, layer in zip(self.weights, group.weights, strict=True):
            end[places] = layer[reached]
        self.losses[places], self.steps[places] = losses[reached].numpy(), step


def _check_memory(architecture, shown):
    n_networks, n_images, *shape = shown.shape
    sizes = architecture.weight_shapes(tuple(shape))
    n_weights = sum(int(np.prod(size)) for size in sizes)
    units = sum(size[0] * (shape[0] * shape[1] if len(size) == 4 else 1) for size in sizes)
    numbers = n_networks * (COPIES_OF_WEIGHTS * n_weights + COPIES_OF_ACTIVATIONS * n_images * units)
    needed, there = numbers * shown.element_size(), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if needed > there:
        raise MemoryError(
            f"{n_networks} networks of {n_weights:,} weights need {needed / 1e9:.1f} GB, and this machine has "
            f"{there / 1e9:.1f} GB: train fewer at once, or with fewer channels"
        )


def _not_converged(seeds, losses, relative_loss, step):
    worst = ", ".join(f"{seed} ({loss:.2g})" for seed, loss in zip(seeds[:5], losses.tolist(), strict=False))
    return NotReproduced(
        f"{len(seeds)} networks have not come down to the relative loss {relative_loss:g} in {step:,} steps. Seeds and losses: "
        f"{worst}. A loss that stays at 1 comes from units that are all off, and one that is not finite from too large a rate; "
        "otherwise take more steps",
        dict(zip(seeds, losses.tolist(), strict=True)),
    )
