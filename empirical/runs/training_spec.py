"""The specification of a network's training: the fields of a run that the trained weights depend on."""

import hashlib
import json
from dataclasses import KW_ONLY, MISSING, dataclass, fields
from typing import Any

import numpy as np

from empirical.data import datasets
from empirical.errors import SpecError
from empirical.runs import regularizers

DENSE_EPOCHS = 20
CHECKPOINT_SPACING = 1.12
CHOICES = {
    "split": ("drawn", "published"),
    "device": ("cpu", "cuda"),
    "precision": ("float32", "bfloat16"),
    "noise": ("none", "inputs", "pixels"),
    "schedule": ("linear", "constant"),
}


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
    permuted_fraction: share of training labels permuted, 0..1. The count of each label does not change: labels are exactly
        balanced with split "published", and as balanced as the drawn images with split "drawn".
    epochs, batch_size, learning_rate, momentum: of SGD. A run with 0 epochs is measured at initialization, by its gradients
        alone.
    device: where networks are trained and measured, "cpu" or "cuda".
    precision: "float32", or "bfloat16" for the products in training.

    The other fields have defaults. A field at its default is in no digest, so that a new field leaves the digests of earlier
    runs alone.

    noise: what replaces some of the training images (:mod:`empirical.data.noise`): "none", "inputs" or "pixels".
    noise_share: share of the training images that noise replaces, 0..1; above 0 exactly where there is noise.
    schedule: "linear", a learning rate that decays linearly to 0 over all steps, or "constant".
    regularizers: those of training (:mod:`empirical.runs.regularizers`), such as "dropout=0.3+adversarial=0.5", or "none".
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
    _: KW_ONLY
    noise: str = "none"
    noise_share: float = 0.0
    schedule: str = "linear"
    regularizers: str = "none"

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
        self._check_noise()
        self._check_regularizers()

    def _check_noise(self) -> None:
        share, wanted = self.noise_share, "0" if self.noise == "none" else "above 0"
        check(0 <= share <= 1, "noise_share", share, "within 0..1")
        check((share > 0) == (self.noise != "none"), "noise_share", share, f"{wanted} with noise {self.noise!r}")
        enough = not share or round(share * self.train_images) >= 1
        check(enough, "noise_share", share, f"enough to replace one or more of the {self.train_images} training images")

    def _check_regularizers(self) -> None:
        chosen = regularizers.parsed(self.regularizers)
        check(not (self.dropout and chosen.dropout), "dropout", self.dropout, "0 where regularizers have dropout")
        drawn = {name for name, strength in vars(chosen).items() if strength} - {"weight_decay"}
        # A recorded step would repeat its random numbers, and it has no second backward pass.
        check(
            self.device == "cpu" or not drawn,
            "regularizers",
            self.regularizers,
            f"weight decay alone on {self.device}, or none",
        )

    @property
    def training_digest(self) -> str:
        """SHA-256 of the fields that trained networks depend on; a run's name, size and measuring are not among them."""
        training = {field.name for field in fields(TrainingSpec)}
        return digest_of({name: value for name, value in self.digested().items() if name in training})

    def digested(self) -> dict:
        """The fields that digests are of, by name: all fields without those that are at their default."""
        kept = ((field, getattr(self, field.name)) for field in fields(self))
        return {field.name: value for field, value in kept if field.default is MISSING or value != field.default}

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
