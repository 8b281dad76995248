"""Networks that have fitted labels of digits: what their layers look like from their input, and where they hold the labels.

Each network has images, a permutation, random features and initial weights of its own, which follow from its seed. Networks of
one seed have the same images under every fraction of permuted labels and every architecture. Torch is imported where a network
is trained, so that claims can be listed without torch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from empirical.data import permuted_labels
from empirical.data.permuted_labels import TrainingLabels
from empirical.geometry import linearity
from verify.strategies import digits

if TYPE_CHECKING:
    from empirical.toy_models.fitted_networks import LabelNetwork, Layers

CLASSES, IMAGES_OF_CLASS, WIDTH, DEPTH = 10, 30, 100, 5
# Every label is fitted with each of twice and half of this rate, on digits drawn from other seeds than a claim's.
RATE, EPOCHS = 0.01, 60
RELU, LINEAR = ("relu",) * DEPTH, ("linear",) * DEPTH
# A linear map can return any labels of fewer points than it has inputs.
RANDOM_FEATURES = 800
PROBES = 100
UNSEEN = 300


@dataclass(frozen=True)
class FittedDigits:
    """Networks of one architecture, one for each seed, that have fitted the labels of digits.

    permuted_fraction: share of the images whose labels take part in the permutation.
    activations: "relu" or "linear" for each hidden layer.
    n_random: random features max(0, w . x) of the pixels x in place of the pixels; 0 for the pixels.
    """

    seeds: tuple[int, ...]
    permuted_fraction: float
    activations: tuple[str, ...] = RELU
    n_random: int = 0

    @classmethod
    def drawn(cls, n: int, rng: np.random.Generator, *about, **options) -> "FittedDigits":
        """n networks of seeds drawn by ``rng``; further arguments are fields."""
        return cls(tuple(rng.integers(2**62, size=n).tolist()), *about, **options)

    @property
    def shape(self) -> "LabelNetwork":
        """The architecture."""
        from empirical.toy_models.fitted_networks import LabelNetwork

        return LabelNetwork(self.activations, WIDTH, CLASSES)

    @cached_property
    def inputs(self) -> np.ndarray:
        """Pixels in units of their standard deviation, or random features, about their means, (networks, n, d)."""
        return np.stack([self._inputs_of(seed) for seed in self.seeds])

    def _inputs_of(self, seed: int) -> np.ndarray:
        pixels = digits.pixels(IMAGES_OF_CLASS, np.random.default_rng([seed, 0])).reshape(CLASSES * IMAGES_OF_CLASS, -1)
        if not self.n_random:
            return pixels
        weights = np.random.default_rng([seed, 1]).standard_normal((pixels.shape[1], self.n_random))
        features = np.maximum(pixels @ weights * np.sqrt(2 / pixels.shape[1]), 0)
        return features - features.mean(0)

    @cached_property
    def unseen(self) -> np.ndarray:
        """Pixels of 300 digits that each network is not trained on, about the means of its own, (networks, 300, d)."""
        found = []
        for seed in self.seeds:
            images, _ = digits.unseen(IMAGES_OF_CLASS, np.random.default_rng([seed, 0]))
            found.append(images[np.random.default_rng([seed, 4]).choice(len(images), UNSEEN, replace=False)])
        return np.stack(found)

    @cached_property
    def labels(self) -> list[TrainingLabels]:
        """The labels of each network's images."""
        true = np.repeat(np.arange(CLASSES), IMAGES_OF_CLASS)
        streams = [np.random.default_rng([seed, 2]) for seed in self.seeds]
        return [permuted_labels.permute(true, self.permuted_fraction, CLASSES, rng) for rng in streams]

    @cached_property
    def started(self) -> "Layers":
        """The layers before training."""
        return self.shape.started(self.inputs.shape[2], self.seeds)

    @cached_property
    def trained(self) -> "Layers":
        """The layers at the end of training.

        :raises empirical.toy_models.fitted_networks.NotFitted: a network does not fit its labels.
        """
        from empirical.toy_models.fitted_networks import Schedule, train

        wanted = np.stack([one.trained for one in self.labels])
        return train(self.shape, self.inputs, wanted, self.seeds, Schedule(RATE, EPOCHS))

    def features(self, layers: "Layers") -> list[np.ndarray]:
        """What each hidden layer makes of the images, (networks, n, width)."""
        return self.shape.features(layers, self.inputs)

    def r2_from_input(self, layers: "Layers", of: slice = slice(None)) -> np.ndarray:
        """Cross-validated R^2 of hidden layers' features from the network's input, (networks, layers).

        :param of: which hidden layers.
        """
        return self._by_layer(self.features(layers)[of], lambda one, held: linearity.ridge_r2(one, held).value)

    def log_sensitivities(self, layers: "Layers", points: np.ndarray, relative: bool = False) -> np.ndarray:
        """The log of the mean norm of the input-output Jacobian over points (networks, n, d), (networks,).

        :param relative: of the logits less their mean, in units of their spread about it; otherwise of the probabilities.
        """
        from empirical.toy_models import input_jacobians

        found = []
        for network, shown in enumerate(points):
            model = self.shape.single(layers, network)
            norm = input_jacobians.jacobian_norms(model, shown, probabilities=not relative).mean()
            found.append(norm / (input_jacobians.logit_spread(model, shown) if relative else 1.0))
        return np.log(found)

    def cka_with_input(self, layers: "Layers") -> np.ndarray:
        """Linear CKA of each hidden layer's features with the network's input, (networks, layers)."""
        return self._by_layer(self.features(layers), lambda one, held: linearity.linear_cka(one, held).value)

    def _by_layer(self, features, measure) -> np.ndarray:
        return np.array([[measure(*both) for both in zip(self.inputs, held, strict=True)] for held in features]).T

    def second_differences(self, layers: "Layers") -> np.ndarray:
        """The second difference of each hidden layer between its own inputs, (networks, layers)."""
        import torch

        found = []
        for network in range(len(self.seeds)):
            held, model, row = torch.from_numpy(self.inputs[network]).float(), self.shape.single(layers, network), []
            with torch.no_grad():
                for module in list(model)[:-1]:
                    bent = lambda points, module=module: module(torch.from_numpy(points).float()).numpy()  # noqa: E731
                    row.append(linearity.second_difference(bent, held.numpy()).value)
                    held = module(held)
            found.append(row)
        return np.array(found)

    def log_gains(self, layers: "Layers") -> np.ndarray:
        """log (capacity / capacity under shuffled labels) of permuted images by the labels trained on, (networks, layers)."""
        import torch

        from empirical.geometry.layers import layer_geometry

        names, found = [f"hidden{index + 1}" for index in range(len(self.activations))], []
        for network, labels in enumerate(self.labels):
            images = torch.from_numpy(self.inputs[network, labels.permuted]).float()
            wanted = torch.from_numpy(labels.trained[labels.permuted])
            light = {
                "n_points": None,
                "n_probes": PROBES,
                "resamples": 0,
                "joint_draws": 0,
                "on_error": "raise",
                "progress": False,
            }
            rows = layer_geometry(self.shape.single(layers, network), images, wanted, names, **light)
            found.append([np.log(row.capacity / row.baseline) for row in rows])
        return np.array(found)

    def separations(self, features: Sequence[np.ndarray], asked: Sequence[np.ndarray], shuffled: bool) -> np.ndarray:
        """The share of permuted images whose label a readout of 40 components returns, (networks,).

        :param features: of each network's images, (n, f).
        :param asked: the labels of each network's images, (n,).
        :param shuffled: shuffle those of the permuted images first.
        """
        found = []
        for seed, held, wanted, labels in zip(self.seeds, features, asked, self.labels, strict=True):
            images = labels.permuted
            wanted = np.random.default_rng([seed, 3]).permutation(wanted[images]) if shuffled else wanted[images]
            found.append(linearity.readout_accuracy(held[images], wanted))
        return np.array(found)
