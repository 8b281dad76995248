"""Networks that learn digits from one right label for each image and many wrong ones. Nothing here imports theory.

Torch is imported where a network is trained, so that claims can be listed without torch.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from verify.strategies import digits

if TYPE_CHECKING:
    from empirical.toy_models.fitted_networks import LabelNetwork

CLASSES, DEPTH, WIDTH = 10, 2, 100
RATE, EPOCHS = 0.01, 20


@dataclass(frozen=True)
class DilutedDigits:
    """Networks, one for each seed, trained on digits whose right labels are diluted with drawn ones.

    per_class: images of each class, each with one right label.
    dilution: drawn labels for each right one. They fall on the images at random, each with another one's chance.
    noise: drawn labels are of "all" classes alike, the right one included; of all "others"; or of the "next" class.
    """

    seeds: tuple[int, ...]
    per_class: int
    dilution: float
    noise: str = "all"

    @classmethod
    def drawn(cls, n: int, rng: np.random.Generator, *about, **options) -> "DilutedDigits":
        """n networks of seeds drawn by ``rng``; further arguments are fields."""
        return cls(tuple(rng.integers(2**62, size=n).tolist()), *about, **options)

    @cached_property
    def inputs(self) -> np.ndarray:
        """Pixels of the training images about their mean, class by class, (networks, n, 64)."""
        return np.stack([self._inputs_of(seed) for seed in self.seeds])

    def _inputs_of(self, seed: int) -> np.ndarray:
        return digits.pixels(self.per_class, np.random.default_rng([seed, 0])).reshape(CLASSES * self.per_class, -1)

    @cached_property
    def counts(self) -> np.ndarray:
        """How often each image has each label, (networks, n, classes)."""
        return np.stack([self._counts_of(seed) for seed in self.seeds])

    def _counts_of(self, seed: int) -> np.ndarray:
        rng, true = np.random.default_rng([seed, 2]), np.repeat(np.arange(CLASSES), self.per_class)
        images = rng.integers(len(true), size=round(self.dilution * len(true)))
        lowest, highest = {"all": (0, CLASSES), "others": (1, CLASSES), "next": (1, 2)}[self.noise]
        labels = (true[images] + rng.integers(lowest, highest, size=len(images))) % CLASSES
        counts = np.eye(CLASSES)[true]
        return counts + np.bincount(images * CLASSES + labels, minlength=counts.size).reshape(counts.shape)

    @property
    def right_labels(self) -> np.ndarray:
        """The share of the training labels that are right, (networks,)."""
        true = np.repeat(np.arange(CLASSES), self.per_class)
        return self.counts[:, np.arange(len(true)), true].sum(1) / self.counts.sum((1, 2))

    @cached_property
    def test_classes(self) -> tuple[np.ndarray, np.ndarray]:
        """The labels that networks return for the images they are not trained on, and the classes, (networks, m) each."""
        from empirical.toy_models.fitted_networks import Schedule, train

        unseen = [digits.unseen(self.per_class, np.random.default_rng([seed, 0])) for seed in self.seeds]
        images, classes = (np.stack(each) for each in zip(*unseen, strict=True))
        shares = self.counts * (self.counts.shape[1] / self.counts.sum((1, 2), keepdims=True))
        layers = train(self.shape, self.inputs, shares, self.seeds, Schedule(RATE, EPOCHS, fitted=0.0))
        return self.shape.classes(layers, images), classes

    @property
    def shape(self) -> "LabelNetwork":
        """The architecture."""
        from empirical.toy_models.fitted_networks import LabelNetwork

        return LabelNetwork(("relu",) * DEPTH, WIDTH, CLASSES)

    @property
    def accuracy(self) -> np.ndarray:
        """The share of test images that are given their class, (networks,)."""
        named, classes = self.test_classes
        return (named == classes).mean(1)

    @property
    def class_mean_accuracy(self) -> np.ndarray:
        """Accuracy of the nearest class mean, which is that of all images with a label of the class, (networks,)."""
        found = []
        # One after the other, because the images of hundreds of draws are many.
        for seed in self.seeds:
            images, counts = self._inputs_of(seed), self._counts_of(seed)
            others, classes = digits.unseen(self.per_class, np.random.default_rng([seed, 0]))
            means = counts.T @ images / counts.sum(0)[:, None]
            nearest = (others @ means.T - (means**2).sum(1) / 2).argmax(1)
            found.append((nearest == classes).mean())
        return np.array(found)

    @property
    def lead(self) -> np.ndarray:
        """Accuracy less the share of test images that are given a wrong class, of those that are drawn, (networks,)."""
        named, classes = self.test_classes
        if self.noise == "next":
            return self.accuracy - (named == (classes + 1) % CLASSES).mean(1)
        return self.accuracy - (1 - self.accuracy) / (CLASSES - 1)
