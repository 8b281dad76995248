"""Digits with a share of their labels permuted, and kernels that compare them. Nothing here imports theory.

Torch is imported where a network is drawn, so that claims can be listed without torch.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from empirical.data import permuted_labels
from verify.strategies import digits
from verify.strategies.linear_networks import draws

if TYPE_CHECKING:
    from torch import nn

IMAGE = (1, 8, 8)
KERNELS = ("deep", "connected", "convolutional", "features", "pixels")
# Kind of network, hidden layers and width of the tangent kernels.
TANGENT = {"deep": ("mlp", 5, 32), "connected": ("mlp", 2, 32), "convolutional": ("conv", 2, 6)}


@dataclass(frozen=True)
class Mislabeled:
    """n digits of C classes, a share of them permuted, and a kernel at initialization.

    kernel: of the pixels, of the features of a random network, or the tangent kernel of a convolutional or fully connected one,
        with two hidden layers or, if it is deep, five.
    """

    kernel: str
    n_images: int
    n_classes: int
    fraction: float
    draw: int

    @property
    def n_permuted(self) -> int:
        """How many labels are permuted."""
        return round(self.fraction * self.n_images)

    def examples(self) -> tuple[np.ndarray, np.ndarray]:
        """The images, (n, 1, 8, 8), and their classes, (n,)."""
        return digits.labelled(self.n_images, self.n_classes, np.random.default_rng([self.draw, 0]))

    def matrix(self) -> np.ndarray:
        """The kernel, not centred, (n, n)."""
        images, _ = self.examples()
        if self.kernel in ("pixels", "features"):
            seen = images.reshape(len(images), -1) if self.kernel == "pixels" else self._hidden(images)
            return seen @ seen.T / seen.shape[1]
        import torch

        from empirical.toy_models import small_networks

        rng = np.random.default_rng([self.draw, 1])
        kind, depth, width = TANGENT[self.kernel]
        model = small_networks.network(kind, depth, width, self.n_classes, rng, IMAGE)
        return small_networks.tangent_kernel(model, torch.as_tensor(images))

    def _hidden(self, images):
        from empirical.toy_models import small_networks

        rng = np.random.default_rng([self.draw, 1])
        return small_networks.hidden(small_networks.network("mlp", 2, 64, self.n_classes, rng, IMAGE), images)

    def labellings(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """The labels after n independent permutations, (n, images)."""
        classes = self.examples()[1]
        return np.stack([permuted_labels.permute(classes, self.fraction, self.n_classes, rng).trained for _ in range(n)])


def mislabeled(fractions: tuple[float, ...]) -> st.SearchStrategy[Mislabeled]:
    """Digits of which one of these shares of labels is permuted, a dozen labels or more."""
    return st.builds(
        Mislabeled, st.sampled_from(KERNELS), st.integers(80, 120), st.integers(4, 10), st.sampled_from(fractions), draws
    )


@dataclass(frozen=True)
class LabelledNetworks:
    """Fully connected networks at initialization, each with digits of its own, a share of whose labels is permuted."""

    n_networks: int
    depth: int
    width: int
    n_images: int
    n_classes: int
    fraction: float
    draw: int

    def models(self) -> list["nn.Sequential"]:
        """The networks."""
        from empirical.toy_models import small_networks

        generators = [np.random.default_rng([self.draw, network, 1]) for network in range(self.n_networks)]
        return [small_networks.network("mlp", self.depth, self.width, self.n_classes, rng, IMAGE) for rng in generators]

    def examples(self) -> tuple[np.ndarray, np.ndarray]:
        """The images, (networks, n, 1, 8, 8), and their classes, (networks, n)."""
        generators = [np.random.default_rng([self.draw, network, 0]) for network in range(self.n_networks)]
        images, classes = zip(*(digits.labelled(self.n_images, self.n_classes, rng) for rng in generators), strict=True)
        return np.stack(images), np.stack(classes)

    def labels(self, rng: np.random.Generator | None = None) -> np.ndarray:
        """The labels after a permutation in each network, (networks, n)."""
        rng = np.random.default_rng([self.draw, 2]) if rng is None else rng
        classes = self.examples()[1]
        return np.stack([permuted_labels.permute(one, self.fraction, self.n_classes, rng).trained for one in classes])
