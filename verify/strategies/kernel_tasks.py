"""Networks with one output, their tangent kernels, and binary tasks that are made from kernels. Nothing here imports theory.

Torch is imported where a network is drawn, so that claims can be listed without torch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from verify.strategies import digits

if TYPE_CHECKING:
    from torch import nn

    from empirical.toy_models.stacked_perceptrons import Perceptrons

DIGIT = 8
Tasks = np.ndarray  # (networks, images, tasks), +-1


@dataclass(frozen=True)
class TaskNetworks:
    """Fully connected networks at initialization, each with images of its own, of which the first n are trained on.

    n_images: trained on. n_test: further images.
    noise: pixels in a row of Gaussian images that take the place of digits; 0 for digits.
    """

    n_networks: int
    depth: int
    width: int
    n_images: int
    n_test: int
    draw: int
    noise: int = 0

    @cached_property
    def models(self) -> list["nn.Sequential"]:
        """The networks."""
        from empirical.toy_models import small_networks

        side = self.noise or DIGIT
        return [small_networks.network("mlp", self.depth, self.width, 1, rng, (1, side, side)) for rng in self._streams(0)]

    @cached_property
    def images(self) -> np.ndarray:
        """All images, (networks, n + m, 1, side, side)."""
        if self.noise:
            shape = (self.n_images + self.n_test, 1, self.noise, self.noise)
            return np.stack([rng.standard_normal(shape) for rng in self._streams(1)])
        return np.stack([images for images, _ in self._digits])

    @cached_property
    def classes(self) -> np.ndarray:
        """The classes of digits, (networks, n + m)."""
        return np.stack([classes for _, classes in self._digits])

    @cached_property
    def _digits(self) -> list[tuple[np.ndarray, np.ndarray]]:
        return [digits.labelled(self.n_images + self.n_test, 10, rng) for rng in self._streams(1)]

    @cached_property
    def kernels(self) -> np.ndarray:
        """The tangent kernels at initialization, (networks, n + m, n + m)."""
        return self.tangent_kernels(self.models, self.images)

    @cached_property
    def kernels_with_own(self) -> np.ndarray:
        """Those between all images and the images that are trained on, (networks, n + m, n)."""
        if "kernels" in self.__dict__:
            return self.kernels[..., : self.n_images]
        return self.tangent_kernels(self.models, self.images, self.n_images)

    @property
    def own_kernels(self) -> np.ndarray:
        """The kernels of the images that are trained on, (networks, n, n)."""
        return self.kernels_with_own[:, : self.n_images]

    @staticmethod
    def tangent_kernels(models: Sequence["nn.Module"], images: np.ndarray, n_columns: int | None = None) -> np.ndarray:
        """The tangent kernel of each network at its images, (networks, images, images), or the first columns of each."""
        import torch

        from empirical.toy_models import small_networks

        return np.stack(
            [
                small_networks.tangent_kernel(model, torch.as_tensor(own), n_columns=n_columns)
                for model, own in zip(models, images, strict=True)
            ]
        )

    def rates(self, pace: float) -> np.ndarray:
        """Learning rates in units of 1 / the largest rate of the kernel, (networks,)."""
        return pace * self.n_images / self._largest_eigenvalues

    @cached_property
    def _largest_eigenvalues(self) -> np.ndarray:
        return np.linalg.eigvalsh(self.own_kernels)[:, -1]

    def eigenfunctions(self, ranks: Sequence[int]) -> np.ndarray:
        """Eigenvectors of the kernels of all images, by rank from the largest eigenvalue, 0, on, (networks, images, ranks)."""
        modes = np.linalg.eigh(self.kernels)[1][..., ::-1]
        return modes[..., list(ranks)]

    def mixed(self, functions: np.ndarray) -> np.ndarray:
        """Each function plus another, in proportions drawn for each network, (networks, images, functions)."""
        mixed = []
        for own, rng in zip(functions, self._streams(2), strict=True):
            angles = rng.uniform(0, 2 * np.pi, own.shape[1])
            mixed.append(np.cos(angles) * own + np.sin(angles) * np.roll(own, rng.integers(1, own.shape[1]), axis=1))
        return np.stack(mixed)

    def trained(self, tasks: Tasks, pace: float, n_steps: int) -> tuple["Perceptrons", np.ndarray]:
        """A network for each task, (networks * tasks), and its relative loss before every step, (networks, tasks, steps)."""
        from empirical.toy_models import task_networks

        place, wanted = self._each(tasks), np.moveaxis(tasks[:, : self.n_images], 2, 1).reshape(-1, self.n_images)
        trained, losses = task_networks.train(
            self._started(place), self.images[place, : self.n_images], wanted, self.rates(pace)[place], n_steps
        )
        return trained, losses.reshape(self.n_networks, tasks.shape[2], n_steps)

    def right(self, trained: "Perceptrons", tasks: Tasks) -> np.ndarray:
        """The share of test images whose task each trained network returns, (networks, tasks)."""
        from empirical.toy_models import task_networks

        place = self._each(tasks)
        moved = task_networks.movements(self._started(place), trained, self.images[place, self.n_images :])
        return self._right(np.moveaxis(moved.reshape(self.n_networks, -1, self.n_test), 1, 2), tasks)

    def right_linearized(self, tasks: Tasks, pace: float, n_steps: int) -> np.ndarray:
        """The share of test images whose task the linearization returns after the same descent, (networks, tasks)."""
        from empirical.toy_models import task_networks

        wanted = tasks[:, : self.n_images]
        moved = task_networks.linearized_movements(self.kernels_with_own, wanted, self.rates(pace), n_steps)
        return self._right(moved[:, self.n_images :], tasks)

    def _right(self, moved, tasks) -> np.ndarray:
        return (np.sign(moved) == tasks[:, self.n_images :]).mean(axis=1)

    def _started(self, place: np.ndarray) -> "Perceptrons":
        """The networks of some places, before training."""
        import torch

        from empirical.toy_models import task_networks

        return task_networks.stacked(self.models).taken(torch.as_tensor(place))

    def _each(self, tasks) -> np.ndarray:
        return np.repeat(np.arange(self.n_networks), tasks.shape[2])

    def _streams(self, what: int) -> list[np.random.Generator]:
        return [np.random.default_rng([self.draw, network, what]) for network in range(self.n_networks)]
