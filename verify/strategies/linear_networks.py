"""Examples for linear networks: images to reproduce, classes for deep networks, and labels with noise.

Torch is imported where a network is trained, so that claims can be listed without torch.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

if TYPE_CHECKING:
    from empirical.toy_models.linear_networks import Trained


@dataclass(frozen=True)
class Vectors:
    """Images for a fully connected layer: n Gaussian images of D pixels to train on, and 6 others.

    scale: the standard deviation of the initial weights.
    """

    n_pixels: int
    n_images: int
    scale: float
    draw: int

    def images(self) -> tuple[np.ndarray, np.ndarray]:
        """Training images, (n, D), and test images, (6, D)."""
        rng = np.random.default_rng([self.draw, 0])
        return rng.standard_normal((self.n_images, self.n_pixels)), rng.standard_normal((6, self.n_pixels))

    def trained(self) -> "Trained":
        """The layer after training on the training images."""
        from empirical.toy_models import linear_networks

        return linear_networks.train_connected(self.images()[0], self.scale, np.random.default_rng([self.draw, 1]))


@dataclass(frozen=True)
class Picture:
    """One image for a convolution: C channels of independent Gaussian pixels, or channels that are multiples of one channel.

    White pixels keep the singular values of the patches within a factor of 10, so that gradient descent converges. The singular
    values of smooth images lie up to 1e6 apart.
    """

    n_channels: int
    kernel: int
    side: int
    proportional: bool
    scale: float
    draw: int

    def images(self) -> tuple[np.ndarray, np.ndarray]:
        """The training image, (C, side, side), and a test image, (C, kernel + 2, kernel + 3)."""
        rng = np.random.default_rng([self.draw, 0])
        shown = rng.standard_normal((self.n_channels, self.side, self.side))
        if self.proportional:
            shown = shown[:1] * np.linspace(1.0, -0.5, self.n_channels)[:, None, None]
        return shown, rng.standard_normal((self.n_channels, self.kernel + 2, self.kernel + 3))

    def trained(self) -> "Trained":
        """The convolution after training on the image."""
        from empirical.toy_models import linear_networks

        rng = np.random.default_rng([self.draw, 1])
        return linear_networks.train_convolution(self.images()[0], self.kernel, self.scale, rng)


@dataclass(frozen=True)
class Classes:
    """K classes of n unit examples in d = ``room`` K features, and a network of L layers that starts orthogonal at scale eps.

    noise: off-diagonal cosines of examples are uniform within +- noise / (n K).
    within: cosine of two examples of one class; 0 for orthonormal examples.
    between: the largest mean cosine of two classes.
    """

    n_classes: int
    n_points: int
    depth: int
    scale: float
    draw: int
    room: int = field(default=20, kw_only=True)
    noise: float = field(default=0.0, kw_only=True)
    within: float = field(default=0.0, kw_only=True)
    between: float = field(default=0.0, kw_only=True)

    def inputs(self) -> np.ndarray:
        """The examples, (K, n, d): rows of a Cholesky factor of the wanted cosines, in random orthonormal axes."""
        rng, size = np.random.default_rng([self.draw, 0]), self.n_classes * self.n_points
        cosines = np.triu(rng.uniform(0.5, 1.0, (self.n_classes,) * 2) * self.between, 1)
        cosines = cosines + cosines.T + self.within * np.eye(self.n_classes)
        noise = np.triu(rng.uniform(-1, 1, (size, size)), 1) * self.noise / size
        gram = np.kron(cosines, np.ones((self.n_points,) * 2)) + noise + noise.T
        np.fill_diagonal(gram, 1)
        axes = np.linalg.qr(rng.standard_normal((self.room * self.n_classes, size)))[0].T
        return (np.linalg.cholesky(gram) @ axes).reshape(self.n_classes, self.n_points, -1)

    def trained(self, slowness: float = 1.0) -> "Trained":
        """The network after training on these inputs, at a fifth of the largest stable step.

        :param slowness: divides the step.
        """
        from empirical.toy_models import linear_networks

        rng = np.random.default_rng([self.draw, 1])
        start = linear_networks.orthogonal_start(self.room * self.n_classes, self.n_classes, self.depth, self.scale, rng)
        step = 0.4 / (self.depth * self.n_points ** (1 - 1 / self.depth))
        return linear_networks.train_deep(self.inputs(), start, step / slowness)

    def features(self) -> np.ndarray:
        """The features of every layer except the output, inputs first, after training, (L, K, n, d)."""
        from empirical.toy_models import linear_networks

        return linear_networks.deep_features(self.inputs(), self.trained().weights)


@dataclass(frozen=True)
class NoisyLabels:
    """n examples of d independent Gaussian features, a teacher of norm 1, and label noise of variance sigma^2."""

    n_examples: int
    n_features: int
    noise: float
    draw: int

    def design(self) -> np.ndarray:
        """The examples, (n, d)."""
        return np.random.default_rng([self.draw, 0]).standard_normal((self.n_examples, self.n_features))

    def truth(self) -> np.ndarray:
        """The teacher, (d,)."""
        teacher = np.random.default_rng([self.draw, 1]).standard_normal(self.n_features)
        return teacher / np.linalg.norm(teacher)

    def labels(self) -> np.ndarray:
        """2n sets of noisy labels, (n, 2n), whose noise has exactly mean 0 and covariance sigma^2.

        An error that is quadratic in the noise therefore has the same mean over these sets as over all noise.
        """
        axes = np.linalg.qr(np.random.default_rng([self.draw, 2]).standard_normal((self.n_examples,) * 2))[0]
        noise = np.sqrt(self.n_examples * self.noise) * np.hstack([axes, -axes])
        return (self.design() @ self.truth())[:, None] + noise

    def errors(self, step: float, n_steps: int) -> np.ndarray:
        """Test error against the noiseless teacher, averaged over the 2n trainings, (n_steps + 1,)."""
        from empirical.toy_models import linear_networks

        return linear_networks.regression_errors(self.design(), self.labels(), self.truth(), step, n_steps).mean(1)

    def final_errors(self, labels: np.ndarray, step: float, n_steps: int) -> np.ndarray:
        """Test error after a number of steps, (runs,), for each of several sets of labels, (n, runs)."""
        from empirical.toy_models import linear_networks

        return linear_networks.final_errors(self.design(), labels, self.truth(), step, n_steps)


LAST_DRAW = 2**16
draws = st.integers(0, LAST_DRAW)


def not_an_end(draw: int) -> bool:
    """Whether a draw is neither the first nor the last, which hypothesis tries before any other."""
    return 0 < draw < LAST_DRAW


inner_draws = draws.filter(not_an_end)


def scales(lowest: float, highest: float) -> st.SearchStrategy[float]:
    """Initial scales, rounded so that a failure is readable."""
    return st.floats(lowest, highest).map(lambda scale: round(scale, 3))


def straightness(values: np.ndarray) -> float:
    """R^2 of the least-squares line through values (n,) at equal steps; 0 where the values do not change at all."""
    if np.ptp(values) == 0:
        return 0.0
    return float(np.corrcoef(np.arange(len(values)), values)[0, 1] ** 2)
