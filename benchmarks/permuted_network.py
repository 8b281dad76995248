"""A small VGG trained until it fits labels of which half are permuted, and the class manifolds in its layers."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from benchmarks.layers import images_of, small_vgg
from empirical.activations.recording import activations
from empirical.data.permuted_labels import TrainingLabels, permute

# With Adam at this rate the permuted labels are fitted in a third of the epochs that plain gradient descent takes.
RATE, BATCH = 1e-3, 50
PERMUTED = 0.5
EACH = 200


@dataclass(frozen=True)
class Recipe:
    """How the network is trained and which layers are measured; P is the number of classes.

    epochs: of training. n_points: M, points of each manifold. n_draws: dichotomies that are separated. layers: names, from wide
    to narrow.
    """

    epochs: int
    n_points: int
    n_draws: int
    layers: tuple[str, ...]


DIGITS = Recipe(25, 20, 100, ("conv2", "conv4", "conv7", "linear2"))
CIFAR = Recipe(18, 40, 16, ("pool4", "pool7", "linear1", "linear2"))


class PermutedNetwork:
    """A network that was trained by a recipe, with its images and labels.

    images: (n, channels, height, width). labels: true labels, and those trained on. fitted: training accuracy of the unpermuted
    and of the permuted images, by group.
    """

    def __init__(self, data: Path | None, recipe: Recipe, seed: int):
        self.recipe = recipe
        self.images, true = _once(*images_of(data, EACH))
        self.n_classes = int(true.max()) + 1
        self.labels: TrainingLabels = permute(true, PERMUTED, self.n_classes, np.random.default_rng(seed))
        torch.manual_seed(seed)
        self.model = small_vgg(tuple(self.images.shape[1:]), self.n_classes)
        _train(self.model, self.images, torch.from_numpy(self.labels.trained), recipe.epochs)
        right = self.features("linear3", np.arange(len(true))).argmax(1) == self.labels.trained
        self.fitted = {name: float(right[getattr(self.labels, name)].mean()) for name in ("unpermuted", "permuted")}

    def features(self, layer: str, index: np.ndarray) -> np.ndarray:
        """The activations of a layer for the images with these numbers, (k, N), in float64."""
        images = self.images[torch.from_numpy(index)]
        return activations(self.model.eval(), images, [layer])[layer].double().numpy()

    def groups(self, rng: np.random.Generator) -> dict[str, list[np.ndarray]]:
        """The numbers of the images of each class, P arrays (n_i,), by group.

        "shuffled" is the baseline: the permuted images under labels drawn at random, never their true ones.
        """
        true, trained, permuted = self.labels.true, self.labels.trained, self.labels.permuted
        drawn = (true + rng.integers(1, self.n_classes, len(true))) % self.n_classes
        chosen = {"unpermuted": (self.labels.unpermuted, true), "permuted": (permuted, trained)}
        chosen |= {"restored": (permuted, true), "shuffled": (permuted, drawn)}
        return {name: [index[of[index] == label] for label in range(self.n_classes)] for name, (index, of) in chosen.items()}

    def clouds(self, layer: str, members: list[np.ndarray], n_points: int, rng: np.random.Generator) -> np.ndarray:
        """Points of each class in a layer, drawn without replacement, (P, M, N)."""
        n_points = min(n_points, *map(len, members))
        index = np.concatenate([rng.choice(one, n_points, replace=False) for one in members])
        return self.features(layer, index).reshape(len(members), n_points, -1)


def _once(images: torch.Tensor, labels: np.ndarray) -> tuple[torch.Tensor, np.ndarray]:
    """The images without repetitions, because nothing separates an image from itself; CIFAR-100 has some images twice."""
    _, first = np.unique(images.flatten(1).numpy(), axis=0, return_index=True)
    kept = np.sort(first)
    return images[torch.from_numpy(kept)], labels[kept]


def _train(model: nn.Sequential, images: torch.Tensor, labels: torch.Tensor, epochs: int) -> None:
    n_steps = epochs * -(-len(images) // BATCH)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    # The rate rises during the first fifth of the training, and then falls to 0.
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=n_steps, pct_start=0.2)
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(BATCH):
            optimizer.zero_grad()
            functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()
            schedule.step()
