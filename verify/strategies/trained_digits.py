"""Networks at several epochs of their training on digits, with decoders of their activations and transfer to other classes.

Each network has images, initial weights and an order of its own, which follow from its seed. Nothing here imports theory;
torch is imported where a network is trained.
"""

from collections.abc import Callable, Sequence
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
    """Perceptrons of five hidden layers at several epochs, one for each seed, that learn the digits of some classes.

    classes: learned by the networks, in order. n_training: images a network learns. rate, momentum: of SGD.
    epochs: when networks are looked at, from 0 to the end of training; 0.1 is after a tenth of the batches of the first.
    """

    seeds: tuple[int, ...]
    classes: tuple[int, ...]
    n_training: int
    rate: float
    momentum: float = 0.9
    epochs: tuple[float, ...] = EPOCHS

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
        schedule = Schedule(self.rate, int(self.epochs[-1]), momentum=self.momentum)
        return train_through(self.shape, images, labels, self.seeds, schedule, self.epochs)

    def last_features(self, images: np.ndarray) -> list[np.ndarray]:
        """What the last hidden layer makes of images (networks, n, 64) at each epoch, (networks, n, width)."""
        return [self.shape.features(layers, images)[-1] for layers in self.layers]

    @cached_property
    def _unseen_features(self) -> list[np.ndarray]:
        """What the last hidden layer makes of the images not trained on at each epoch, for all decoders."""
        return self.last_features(self.examples[0][:, self.n_training :])

    def accuracies(self) -> np.ndarray:
        """The share of the images not trained on whose class is recognized, (epochs, networks)."""
        images, labels = (one[:, self.n_training :] for one in self.examples)
        return np.stack([self.shape.fitted_shares(layers, images, labels) for layers in self.layers])

    def reconstruction_errors(self, decoder: str, n_fitted: int, n_judged: int) -> "Scores":
        """Mean squared errors of the pixels from the last hidden layer, (2, epochs, networks), relative to their variance.

        Two decoders have images of their own, all of which the network has not seen.

        :param decoder: one of :data:`DECODERS`.
        """
        images = self.examples[0][:, self.n_training :]
        return on_two_sets(DECODERS[decoder], self._unseen_features, images, n_fitted, n_judged)

    def transferred(self, classes: tuple[int, ...], n_fitted: int, n_judged: int) -> "Scores":
        """The accuracy of two ridge readouts of the last hidden layer on images of other classes, (2, epochs, networks).

        :param n_fitted: images of the other classes to which a readout is fitted; ``n_judged`` others are judged.
        """
        found = [digits.of_classes(classes, np.random.default_rng([seed, 3])) for seed in self.seeds]
        images, labels = np.stack([one for one, _ in found]), np.stack([one for _, one in found])
        return on_two_sets(recognized, self.last_features(images), labels, n_fitted, n_judged)


class Scores:
    """An array of scores, each of which is computed when it is first read: a readout takes longer to fit than to look up.

    shape: of the array. score_at: the score at a place of the array, one index for each axis.
    """

    def __init__(self, shape: tuple[int, ...], score_at: Callable[..., float]):
        self.shape, self._score_at = shape, score_at
        self._values, self._places = np.full(shape, np.nan), np.arange(np.prod(shape)).reshape(shape)
        self._known = np.zeros(shape, dtype=bool)

    def __getitem__(self, of) -> np.ndarray:
        """What an array of the scores has there."""
        places = self._places[of]
        for place in np.unique(places[~self._known.flat[places]]):
            self._values.flat[place], self._known.flat[place] = self._score_at(*np.unravel_index(place, self.shape)), True
        return self._values.flat[places]


def on_two_sets(
    score: Callable[..., np.ndarray], features: Sequence[np.ndarray], wanted: np.ndarray, n_fitted: int, n_judged: int
) -> Scores:
    """The mean scores of two readouts that have no image in common, (2, epochs, networks).

    What the first chooses, such as an epoch, is therefore independent of the second, for a given network.

    :param score: a function of (features, wanted, n_fitted) that fits a readout to the first examples of a network, and returns
        a score for each other one. :param features: at each epoch, (networks, n, f).
    :param wanted: what is read out, (networks, n, ...).
    :raises ValueError: there are fewer than 2 (n_fitted + n_judged) images.
    """
    size = n_fitted + n_judged
    if 2 * size > wanted.shape[1]:
        raise ValueError(
            f"two sets of {n_fitted} images to fit and {n_judged} to judge need {2 * size}; received {wanted.shape[1]}"
        )
    sets = slice(size), slice(size, 2 * size)

    def mean_score(one: int, epoch: int, network: int) -> float:
        return score(features[epoch][network, sets[one]], wanted[network, sets[one]], n_fitted).mean()

    return Scores((len(sets), len(features), len(wanted)), mean_score)


def recognized(features: np.ndarray, labels: np.ndarray, n_fitted: int) -> np.ndarray:
    """Whether a ridge readout, fitted to the first ``n_fitted`` examples, returns the label 0..C-1 of each other one."""
    readout = Ridge.of(features[:n_fitted].astype(float), np.eye(labels.max() + 1)[labels[:n_fitted]])
    return readout.predicted(features[n_fitted:].astype(float)).argmax(1) == labels[n_fitted:]
