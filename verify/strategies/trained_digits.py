"""Networks at several epochs of their training on digits, with decoders of their activations and transfer to other classes.

Each network has images, initial weights and an order of its own, which follow from its seed. Nothing here imports theory;
torch is imported where a network is trained.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from empirical.geometry import reconstruction
from empirical.geometry.linearity import Ridge
from verify.strategies import digits

if TYPE_CHECKING:
    from empirical.toy_models.fitted_networks import LabelNetwork, Layers

EPOCHS = (0, 1, 2, 3, 5, 8, 12, 20, 35, 60)
WIDTH, DEPTH = 100, 5
DECODERS = {"linear": reconstruction.linear_errors, "non-linear": reconstruction.nonlinear_errors}


@dataclass(frozen=True)
class TrainedDigits:
    """Perceptrons of five hidden layers at :data:`EPOCHS`, one for each seed, that learn the digits of some classes.

    classes: learned by the networks, in order. n_training: images a network learns. rate: of SGD with momentum.
    """

    seeds: tuple[int, ...]
    classes: tuple[int, ...]
    n_training: int
    rate: float

    @classmethod
    def drawn(cls, n: int, draw: int, *about) -> "TrainedDigits":
        """n networks; further arguments are the fields after the seeds."""
        return cls(tuple(np.random.default_rng(draw).integers(2**62, size=n).tolist()), *about)

    @cached_property
    def examples(self) -> tuple[np.ndarray, np.ndarray]:
        """Images about their mean, (networks, n, 64), and classes 0..C-1, (networks, n), those for training first."""
        found = [digits.of_classes(self.classes, np.random.default_rng([seed, 0])) for seed in self.seeds]
        return np.stack([images for images, _ in found]), np.stack([labels for _, labels in found])

    @property
    def shape(self) -> "LabelNetwork":
        """The architecture."""
        from empirical.toy_models.fitted_networks import LabelNetwork

        return LabelNetwork(("relu",) * DEPTH, WIDTH, len(self.classes))

    @cached_property
    def layers(self) -> list["Layers"]:
        """The layers at each epoch.

        :raises empirical.toy_models.fitted_networks.NotFitted: a network does not fit its labels at the last epoch.
        """
        from empirical.toy_models.fitted_networks import Schedule, train_through

        images, labels = (one[:, : self.n_training] for one in self.examples)
        return train_through(self.shape, images, labels, self.seeds, Schedule(self.rate, EPOCHS[-1]), EPOCHS)

    def last_features(self, images: np.ndarray) -> list[np.ndarray]:
        """What the last hidden layer makes of images (networks, n, 64) at each epoch, (networks, n, width)."""
        return [self.shape.features(layers, images)[-1] for layers in self.layers]

    def accuracies(self) -> np.ndarray:
        """The share of the images not trained on whose class is recognized, (epochs, networks)."""
        images, labels = (one[:, self.n_training :] for one in self.examples)
        return np.stack([self.shape.fitted_shares(layers, images, labels) for layers in self.layers])

    def reconstruction_errors(self, decoder: str, n_fitted: int, n_judged: int) -> np.ndarray:
        """Squared errors of the pixels from the last hidden layer, (epochs, networks, judged), relative to their variance.

        The decoder is fitted to images that the network has not seen, and judged on others.

        :param decoder: one of :data:`DECODERS`.
        """
        images = self.examples[0][:, self.n_training : self.n_training + n_fitted + n_judged]
        return np.array(
            [
                [DECODERS[decoder](*both, n_fitted) for both in zip(held, images, strict=True)]
                for held in self.last_features(images)
            ]
        )

    def transferred(self, classes: tuple[int, ...], n_fitted: int) -> np.ndarray:
        """Whether images of other classes are recognized, (epochs, networks, n), by a ridge readout of the last hidden layer.

        :param n_fitted: images of the other classes to which the readout is fitted; the others are judged.
        """
        found = [digits.of_classes(classes, np.random.default_rng([seed, 3])) for seed in self.seeds]
        images, labels = np.stack([one for one, _ in found]), np.stack([one for _, one in found])
        return np.array(
            [
                [recognized(*both, len(classes), n_fitted) for both in zip(held, labels, strict=True)]
                for held in self.last_features(images)
            ]
        )


def recognized(features: np.ndarray, labels: np.ndarray, n_classes: int, n_fitted: int) -> np.ndarray:
    """Whether a ridge readout, fitted to the first ``n_fitted`` examples, returns the label of each other one."""
    readout = Ridge.of(features[:n_fitted].astype(float), np.eye(n_classes)[labels[:n_fitted]])
    return readout.predicted(features[n_fitted:].astype(float)).argmax(1) == labels[n_fitted:]
