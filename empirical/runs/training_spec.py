"""What a network is trained with: the part of a run that its weights depend on."""

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
    """How the networks of a run are trained, each with its own split, permutation, initialization and order.

    dataset, architecture, width: what is trained on what; width is the channels of its first layer, or its hidden units.
    batch_norm, dropout: whether layers are normalized; share of hidden units dropped after fully connected layers, 0..1.
    seed: root seed of every random stream.
    n_classes: classes drawn per network, of those the data set has.
    train_images: drawn per network; one half of the test images is to choose the turning point on, one to report.
    split: "drawn", from all images, and the rest are test images; or "published", from the published training images, of each
        class as many, and the published test images are the test images.
    permuted_fraction: share of training labels permuted, 0..1.
    epochs, batch_size, learning_rate, momentum: SGD with the rate decayed linearly to 0 over all steps; no regularization. No
        epochs at all are a run that is measured at initialization, by its gradients alone.
    device, precision: where it is trained and measured, "cpu" or "cuda"; "float32", or "bfloat16" for the products in training.
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
        """Every epoch to 20, then log-spaced, and the last; epoch 0 is the initialization."""
        epochs, position = set(range(min(DENSE_EPOCHS, self.epochs) + 1)), float(DENSE_EPOCHS)
        while position < self.epochs:
            epochs.add(round(position))
            position *= CHECKPOINT_SPACING
        return sorted(epochs | {self.epochs})

    def rng(self, network: int, stream: str, *index: int) -> np.random.Generator:
        """The named random stream of one network; ``index`` numbers independent draws within it."""
        words = json.dumps([self.seed, network, stream, *index]).encode()
        return np.random.default_rng(list(hashlib.sha256(words).digest()))


def digest_of(values: dict) -> str:
    """SHA-256 of plain values, whatever their order."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def check_type(name: str, value: object, wanted: Any) -> None:
    """:raises SpecError: a value that is not of the type wanted."""
    check(type(value) is wanted, name, value, f"of type {wanted.__name__}")


def check(condition, name, value, requirement) -> None:
    """:raises SpecError: the condition does not hold; name, value and requirement are said."""
    if not condition:
        raise SpecError(f"{name} must be {requirement}; received {value!r}")
