"""Regressions on pure noise: inputs of several geometries, and two-layer networks that descend on their noisy labels.

The true function is 0 and the labels are Gaussian noise of variance 1, so that whatever a network returns is memorized noise.
Each network has inputs, labels and initial weights of its own, which follow from its seed. Nothing here imports theory; torch
is imported where a network is trained.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from verify.strategies import digits

Inputs = Callable[[int, np.random.Generator], np.ndarray]  # n random inputs, (n, d), of which no two depend on one another


def scaled_digits(n: int, rng: np.random.Generator) -> np.ndarray:
    """Digits without one twice, (n, 64), of mean squared norm 1."""
    pixels = digits.images(n, rng).reshape(n, -1)
    return pixels / np.sqrt(np.square(pixels).sum(1).mean())


def scaled_gaussian(n: int, rng: np.random.Generator) -> np.ndarray:
    """Gaussian inputs in the dimensions of the digits, (n, 64), of mean squared norm 1."""
    drawn = rng.standard_normal((n, 64))
    return drawn / np.sqrt(np.square(drawn).sum(1).mean())


def ball(n_dimensions: int, concentration: float, norm: float | None = None) -> Inputs:
    """Inputs h(R) U with U uniform on the unit sphere, R uniform within 0..1 and h(r) = 1 - (1 - r)^(1/a), as a function.

    :param concentration: a > 0: the larger, the nearer to the centre.
    :param norm: the root mean squared norm to which the inputs are scaled; None leaves them in the unit ball.
    """
    scale = 1.0 if norm is None else norm / mean_norm(concentration)

    def drawn(n: int, rng: np.random.Generator) -> np.ndarray:
        directions = rng.standard_normal((n, n_dimensions))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        return scale * (1 - (1 - rng.random((n, 1))) ** (1 / concentration)) * directions

    return drawn


def mean_norm(concentration: float) -> float:
    """The root mean squared norm of the inputs of :func:`ball` in the unit ball: E h(R)^2 = 2 / ((a + 1) (a + 2))."""
    return float(np.sqrt(2 / ((concentration + 1) * (concentration + 2))))


def union_of_balls(n_balls: int, ball_dimensions: int, n_dimensions: int) -> Inputs:
    """Inputs uniform in one of several unit balls of m dimensions, each in a random subspace of R^d, as a function.

    For every d, generators of one seed draw the same places within the balls; the subspaces are others.
    """

    def drawn(n: int, rng: np.random.Generator) -> np.ndarray:
        which, norms = rng.integers(n_balls, size=n), rng.random((n, 1)) ** (1 / ball_dimensions)
        directions = rng.standard_normal((n, ball_dimensions))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        frames = np.linalg.qr(rng.standard_normal((n_balls, n_dimensions, ball_dimensions)))[0]
        return np.einsum("ndm,nm->nd", frames[which], norms * directions)

    return drawn


DIGITS, GAUSSIAN = scaled_digits, scaled_gaussian


@dataclass(frozen=True)
class Fit:
    """What networks return at their training inputs, (networks, n), and at fresh ones, (networks, m); and their labels."""

    outputs: np.ndarray
    fresh: np.ndarray
    labels: np.ndarray

    @property
    def gaps(self) -> np.ndarray:
        """The mean squared error on fresh labels less that on the training labels, (networks,).

        The noise of fresh labels is taken at the mean square of the training labels, which lowers the variance and not the
        mean.
        """
        memorized = (self.outputs * (2 * self.labels - self.outputs)).mean(1)
        return np.square(self.fresh).mean(1) + memorized


@dataclass(frozen=True)
class NoisyRegression:
    """Regressions on noise, one for each seed.

    inputs: a function of (n, rng) that returns n inputs. n_points: on which a network is trained. n_fresh: on which it is not.
    """

    seeds: tuple[int, ...]
    inputs: Inputs
    n_points: int
    n_fresh: int

    def points(self) -> np.ndarray:
        """The inputs, those for training first, (networks, n + m, d)."""
        n = self.n_points + self.n_fresh
        return np.stack([self.inputs(n, np.random.default_rng([seed, 0])) for seed in self.seeds])

    def labels(self) -> np.ndarray:
        """The labels of the training inputs, (networks, n)."""
        return np.stack([np.random.default_rng([seed, 1]).standard_normal(self.n_points) for seed in self.seeds])

    def fitted(self, width: int, rate: float, n_steps: int) -> Fit:
        """Networks after full-batch descent; a unit's response to an input of norm 1 has variance 1 at the start."""
        from empirical.toy_models import two_layer_networks

        points, labels = self.points(), self.labels()
        shown, fresh = points[:, : self.n_points], points[:, self.n_points :]
        rngs = [np.random.default_rng([seed, 2]) for seed in self.seeds]
        networks = two_layer_networks.Networks.drawn(points.shape[2], width, rngs, 1.0)
        networks = two_layer_networks.descend(networks, shown, labels, rate, n_steps)
        return Fit(networks.at(shown), networks.at(fresh), labels)


@dataclass(frozen=True)
class Decay:
    """The fall of the gap from one number of training inputs to another.

    n_networks, sizes: how many networks, and on how many inputs they are trained. n_fresh, width, rate, n_steps: see
    :class:`NoisyRegression`.
    """

    n_networks: int
    sizes: tuple[int, int]
    n_fresh: int
    width: int
    rate: float
    n_steps: int

    def exponent(self, draw: int, inputs: Inputs) -> np.ndarray:
        """Minus the slope of the gap over the number of inputs, both logarithmic, (networks,).

        :param draw: decides the seeds of the networks, whatever the inputs.
        """
        seeds = tuple(np.random.default_rng(draw).integers(2**62, size=self.n_networks).tolist())
        worlds = (NoisyRegression(seeds, inputs, n, self.n_fresh) for n in self.sizes)
        few, many = (world.fitted(self.width, self.rate, self.n_steps).gaps for world in worlds)
        return np.log(few / many) / np.log(self.sizes[1] / self.sizes[0])
