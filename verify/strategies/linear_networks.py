"""Linear networks that claims train: images to be reproduced, classes for deep networks, labels with noise.

Torch is imported where a network is trained, so that claims can be listed without it.
"""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st


@dataclass(frozen=True)
class Vectors:
    """Images of a fully connected layer: n Gaussian ones in D pixels to train on, and 6 others; sigma of the first weights."""

    n_pixels: int
    n_images: int
    scale: float
    draw: int

    def images(self) -> tuple[np.ndarray, np.ndarray]:
        """Training and test images, (n, D) and (6, D)."""
        rng = np.random.default_rng([self.draw, 0])
        return rng.standard_normal((self.n_images, self.n_pixels)), rng.standard_normal((6, self.n_pixels))

    def trained(self):
        """The layer, trained on the training images."""
        from empirical.toy_models import linear_networks

        return linear_networks.train_connected(self.images()[0], self.scale, np.random.default_rng([self.draw, 1]))


@dataclass(frozen=True)
class Picture:
    """One image of a convolution, C channels of independent Gaussian pixels, or all of them multiples of one.

    White pixels keep the singular values of the patches within a factor of 10, so that descent gets to its end; those of smooth
    images lie up to 1e6 apart.
    """

    n_channels: int
    kernel: int
    side: int
    proportional: bool
    scale: float
    draw: int

    def images(self) -> tuple[np.ndarray, np.ndarray]:
        """Training and test image, (C, side, side) and (C, kernel + 2, kernel + 3)."""
        rng = np.random.default_rng([self.draw, 0])
        shown = rng.standard_normal((self.n_channels, self.side, self.side))
        if self.proportional:
            shown = shown[:1] * np.linspace(1.0, -0.5, self.n_channels)[:, None, None]
        return shown, rng.standard_normal((self.n_channels, self.kernel + 2, self.kernel + 3))

    def trained(self):
        """The convolution, trained on the image."""
        from empirical.toy_models import linear_networks

        rng = np.random.default_rng([self.draw, 1])
        return linear_networks.train_convolution(self.images()[0], self.kernel, self.scale, rng)


@dataclass(frozen=True)
class Classes:
    """K classes of n unit examples in d = ``room`` K features, and a network of L layers that starts orthogonal at scale eps.

    noise: off-diagonal cosines of examples are uniform within +- noise / (n K). between: largest mean cosine of two classes
    beside ``within`` one; 0 for orthonormal examples.
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
        """(K, n, d): the rows of a Cholesky factor of the wanted cosines, in random orthonormal axes."""
        rng, size = np.random.default_rng([self.draw, 0]), self.n_classes * self.n_points
        cosines = np.triu(rng.uniform(0.5, 1.0, (self.n_classes,) * 2) * self.between, 1)
        cosines = cosines + cosines.T + self.within * np.eye(self.n_classes)
        noise = np.triu(rng.uniform(-1, 1, (size, size)), 1) * self.noise / size
        gram = np.kron(cosines, np.ones((self.n_points,) * 2)) + noise + noise.T
        np.fill_diagonal(gram, 1)
        axes = np.linalg.qr(rng.standard_normal((self.room * self.n_classes, size)))[0].T
        return (np.linalg.cholesky(gram) @ axes).reshape(self.n_classes, self.n_points, -1)

    def trained(self, slowness: float = 1.0):
        """The network, trained on these inputs at a step a fifth of what is stable; ``slowness`` divides it."""
        from empirical.toy_models import linear_networks

        rng = np.random.default_rng([self.draw, 1])
        start = linear_networks.orthogonal_start(self.room * self.n_classes, self.n_classes, self.depth, self.scale, rng)
        step = 0.4 / (self.depth * self.n_points ** (1 - 1 / self.depth))
        return linear_networks.train_deep(self.inputs(), start, step / slowness)

    def features(self) -> np.ndarray:
        """Of every layer but the output, inputs first, after training: (L, K, n, d)."""
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
        """(n, d)."""
        return np.random.default_rng([self.draw, 0]).standard_normal((self.n_examples, self.n_features))

    def truth(self) -> np.ndarray:
        """(d,)."""
        teacher = np.random.default_rng([self.draw, 1]).standard_normal(self.n_features)
        return teacher / np.linalg.norm(teacher)

    def labels(self) -> np.ndarray:
        """(n, 2n): noisy labels whose noise has exactly mean 0 and covariance sigma^2 over the 2n.

        An error that is quadratic in the noise has then over them the mean that it has over all noise.
        """
        axes = np.linalg.qr(np.random.default_rng([self.draw, 2]).standard_normal((self.n_examples,) * 2))[0]
        noise = np.sqrt(self.n_examples * self.noise) * np.hstack([axes, -axes])
        return (self.design() @ self.truth())[:, None] + noise

    def errors(self, step: float, n_steps: int) -> np.ndarray:
        """Test error against the noiseless teacher, averaged over the 2n trainings, (n_steps + 1,)."""
        from empirical.toy_models import linear_networks

        return linear_networks.regression_errors(self.design(), self.labels(), self.truth(), step, n_steps).mean(1)

    def final_errors(self, labels: np.ndarray, step: float, n_steps: int) -> np.ndarray:
        """Test error after so many steps on each of several sets of labels, (n, runs) to (runs,)."""
        from empirical.toy_models import linear_networks

        return linear_networks.final_errors(self.design(), labels, self.truth(), step, n_steps)


draws = st.integers(0, 2**16)


def scales(lowest: float, highest: float) -> st.SearchStrategy[float]:
    """Initial scales, rounded so that a failure is readable."""
    return st.floats(lowest, highest).map(lambda scale: round(scale, 3))


def straightness(values) -> float:
    """R^2 of the least-squares line through values at equal steps; 0 where they do not change at all."""
    if np.ptp(values) == 0:
        return 0.0
    return float(np.corrcoef(np.arange(len(values)), values)[0, 1] ** 2)
