"""The specification of a network's training: the fields of a run that the trained weights depend on."""

import hashlib
import json
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from empirical.data import datasets
from empirical.errors import SpecError

DENSE_EPOCHS = 20
CHECKPOINT_SPACING = 1.12
CHOICES = {"split": ("drawn", "published"), "device": ("cpu", "cuda"), "precision": ("float32", "bfloat16")}


@dataclass(frozen=True)
class TrainingSpec:
    """How the networks of a run are trained. Each network has its own split, permutation, initialization and order of images.

    dataset, architecture: name of the data set, name of the architecture.
    width: channels of the first layer, or hidden units.
    batch_norm: whether layers have BatchNorm.
    dropout: share of hidden units dropped after fully connected layers, 0..1.
    seed: root seed of all random streams.
    n_classes: number of classes, drawn for each network from the classes of the data set.
    train_images: number of training images, drawn for each network. The turning point is chosen on one half of the test images,
        and test numbers are reported on the other half.
    split: "drawn" or "published". "drawn" draws training images from all images, and the others are test images. "published"
        draws an equal number from each class of the published training images, and keeps the published test images.
    permuted_fraction: share of training labels permuted, 0..1.
    epochs, batch_size, learning_rate, momentum: of SGD without regularization; the learning rate decays linearly to 0 over all
        steps. A run with 0 epochs is measured at initialization, by its gradients alone.
    device: where networks are trained and measured, "cpu" or "cuda".
    precision: "float32", or "bfloat16" for the products in training.
    """

    dataset: str
    architecture: str
    width: int
    batch_norm: bool
    dropout: float
    seed: int
    n_classes: int
    train_images: int
    split: str
    permuted_fraction: float
    epochs: int
    batch_size: int
    learning_rate: float
    momentum: float
    device: str
    precision: str

    def __post_init__(self):
        for field in fields(self):
            check_type(field.name, getattr(self, field.name), field.type)
        for name in ("width", "train_images", "batch_size"):
            check(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        check(self.epochs >= 0, "epochs", self.epochs, "at least 0")
        check(self.n_classes >= 2, "n_classes", self.n_classes, "at least 2")
        check(0 <= self.permuted_fraction <= 1, "permuted_fraction", self.permuted_fraction, "within 0..1")
        most = datasets.n_classes(self.dataset)
        check(self.n_classes <= most, "n_classes", self.n_classes, f"at most the {most} of {self.dataset}")
        check(self.learning_rate > 0, "learning_rate", self.learning_rate, "above 0")
        for name in ("momentum", "dropout"):
            check(0 <= getattr(self, name) < 1, name, getattr(self, name), "within 0..1, 1 excluded")
        for name, known in CHOICES.items():
            check(getattr(self, name) in known, name, getattr(self, name), f"one of {', '.join(known)}")

    @property
    def training_digest(self) -> str:
        """SHA-256 of the fields that trained networks depend on; a run's name, size and measuring are not among them."""
        return digest_of({field.name: getattr(self, field.name) for field in fields(TrainingSpec)})

    def checkpoint_epochs(self) -> list[int]:
        """The epochs with a checkpoint: 0 (the initialization) to 20, then log-spaced epochs, and the last."""
        epochs, position = set(range(min(DENSE_EPOCHS, self.epochs) + 1)), float(DENSE_EPOCHS)
        while position < self.epochs:
            epochs.add(round(position))
            position *= CHECKPOINT_SPACING
        return sorted(epochs | {self.epochs})

    def rng(self, network: int, stream: str, *index: int) -> np.random.Generator:
        """The generator of a named random stream of one network; ``index`` numbers independent draws within the stream."""
        words = json.dumps([self.seed, network, stream, *index]).encode()
        return np.random.default_rng(list(hashlib.sha256(words).digest()))


def digest_of(values: dict) -> str:
    """SHA-256 of plain values; the order of the keys does not matter."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def check_type(name: str, value: object, wanted: Any) -> None:
    """Check that a value has the wanted type.

    :raises SpecError: the value has another type.
    """
    check(type(value) is wanted, name, value, f"of type {wanted.__name__}")


def check(condition: bool, name: str, value: object, requirement: str) -> None:
    """Check that a condition on a field holds.

    :raises SpecError: the condition does not hold; the message says name, value and requirement.
    """
    if not condition:
        raise SpecError(f"{name} must be {requirement}; received {value!r}: change it in the run's TOML or on the command line")
