"""The specification of networks that reproduce images: a frozen record that determines all their numbers. Needs no torch."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields

import numpy as np

from empirical.data import datasets
from empirical.identity.quantities import MANY, ONE
from empirical.runs.training_spec import check, check_type, digest_of

CHOICES = {
    "architecture": ("connected", "convolutional"),
    "activation": ("relu", "linear"),
    "padding": ("zero", "circular"),
    "optimizer": ("adam", "descent"),
}
# Of two, both mixtures would be one image.
FEWEST_TESTS = 3
# Of fewer pixels, a disc could have none.
SMALLEST_SIDE = 6


@dataclass(frozen=True)
class IdentitySpec:
    """How networks are trained to reproduce images, and on what they are measured.

    name: of the world, and of the value where one field is swept.
    architecture: "connected" or "convolutional" (:mod:`empirical.toy_models.one_image_networks`).
    depth: number of layers. width: hidden units of each layer, or channels.
    kernel: side of the filters in pixels, odd; 0 for connected networks.
    gain: variance of an initial weight times the number of inputs of its unit; 1/3 is torch's own initialization, 2 is He's.
    optimizer: "adam", or "descent", full-batch gradient descent in units of 1/curvature.
    rate, momentum: of the optimizer; Adam has no momentum to choose.
    relative_loss: squared error relative to the square of the images at which a network stops. most_steps: until it must.
    n_networks: number of networks; one network with its own images is one observation.
    dataset, side: images of a data set, mean-pooled or padded with zeros to side x side pixels.
    n_images: number of training images of each network. n_tests: number of test images of a family.
    seed: root seed of all random streams.
    activation, padding, skip: of the networks.
    """

    name: str
    architecture: str
    depth: int
    width: int
    kernel: int
    gain: float
    optimizer: str
    rate: float
    momentum: float
    relative_loss: float
    most_steps: int
    n_networks: int
    dataset: str
    side: int
    n_images: int
    n_tests: int
    seed: int
    activation: str = "relu"
    padding: str = "zero"
    skip: bool = False

    def __post_init__(self) -> None:
        for field in fields(self):
            check_type(field.name, getattr(self, field.name), field.type)
        for name, known in CHOICES.items():
            check(getattr(self, name) in known, name, getattr(self, name), f"one of {', '.join(known)}")
        for name in ("depth", "width", "most_steps", "n_networks", "n_images"):
            check(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        for name in ("gain", "rate"):
            check(0 < getattr(self, name) < np.inf, name, getattr(self, name), "above 0, and finite")
        check(0 < self.relative_loss < 1, "relative_loss", self.relative_loss, "within 0..1, both excluded")
        check(0 <= self.momentum < 1, "momentum", self.momentum, "within 0..1, 1 excluded")
        check(self.optimizer == "descent" or not self.momentum, "momentum", self.momentum, "0 with adam, which has its own")
        check(self.n_tests >= FEWEST_TESTS, "n_tests", self.n_tests, f"at least {FEWEST_TESTS}")
        check(self.side >= SMALLEST_SIDE, "side", self.side, f"at least {SMALLEST_SIDE}")
        datasets.n_classes(self.dataset)
        self._check_kernel()

    def _check_kernel(self) -> None:
        if self.architecture == "connected":
            check(self.kernel == 0, "kernel", self.kernel, "0 for connected networks")
        else:
            check(self.kernel % 2 == 1, "kernel", self.kernel, "odd, for the output to have the size of the image")
            check(0 < self.kernel < 2 * self.side, "kernel", self.kernel, f"above 0, and below twice the side, {2 * self.side}")

    @property
    def digest(self) -> str:
        """SHA-256 of the specification."""
        return digest_of(asdict(self))

    def quantities(self) -> frozenset[str]:
        """The quantities in the world's table."""
        return frozenset(ONE if self.n_images == 1 else MANY)

    def rng(self, network: int, stream: str) -> np.random.Generator:
        """The generator of a named random stream of one network."""
        words = json.dumps([self.seed, network, stream]).encode()
        return np.random.default_rng(list(hashlib.sha256(words).digest()))
