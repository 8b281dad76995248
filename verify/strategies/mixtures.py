"""Mixtures of easy and few hard examples, and a single layer that descends on them step by step.

Nothing here imports theory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from hypothesis import strategies as st

from verify.strategies.linear_networks import draws

# Length of a prototype, and of the initial weights of an output.
PROTOTYPE, START = 3.0, 0.3


@dataclass(frozen=True)
class Mixture:
    """n examples of C classes in d dimensions, a share of them hard.

    An easy example is the prototype of its class. A hard one is the prototype of the next class, and a feature of a given
    length that the hard examples of its class have in common. All have Gaussian noise. Prototypes and features are orthogonal,
    2 C <= d.
    """

    n_examples: int
    n_classes: int
    n_dimensions: int
    hard_share: float
    feature: float
    noise: float
    draw: int

    @cached_property
    def examples(self) -> tuple[np.ndarray, np.ndarray]:
        """The inputs, (n, d), and one-hot targets, (n, C)."""
        rng, axes = np.random.default_rng([self.draw, 0]), np.eye(self.n_dimensions)
        classes = rng.integers(self.n_classes, size=self.n_examples)
        hard = are_hard(rng.random(self.n_examples), self.hard_share)
        told = (
            PROTOTYPE * axes[(classes + hard) % self.n_classes] + self.feature * hard[:, None] * axes[self.n_classes + classes]
        )
        inputs = told + self.noise * rng.standard_normal(told.shape)
        return inputs, np.eye(self.n_classes)[classes]

    def start(self) -> np.ndarray:
        """The initial weights, (C, d)."""
        drawn = np.random.default_rng([self.draw, 1]).standard_normal((self.n_classes, self.n_dimensions))
        return START * drawn / np.sqrt(self.n_dimensions)

    def reconstruction_errors(self, rate: float, steps: Sequence[int]) -> np.ndarray:
        """The share of the inputs that the best linear decoder of the outputs leaves unexplained after some steps, (steps,).

        Descent is on half of the mean squared error, step by step, and the decoder is fitted by least squares. The gradient
        needs the moments of the examples alone, not each of them.

        :param steps: in increasing order.
        """
        inputs, targets = self.examples
        weights, found = self.start(), []
        moment, cross = inputs.T @ inputs / len(inputs), targets.T @ inputs / len(inputs)
        for step in range(steps[-1] + 1):
            if step in steps:
                outputs = inputs @ weights.T
                decoder = np.linalg.lstsq(outputs, inputs, rcond=None)[0]
                found.append(np.square(inputs - outputs @ decoder).sum() / np.square(inputs).sum())
            weights = weights - rate * (weights @ moment - cross)
        return np.array(found)


def are_hard(chances: np.ndarray, share: float) -> np.ndarray:
    """Which examples are hard, bool, (n,), of uniform numbers within 0..1."""
    return chances < share


MIXTURES = st.builds(
    Mixture,
    *(st.just(300), st.integers(2, 4), st.integers(10, 20), st.sampled_from([0.05, 0.1])),
    *(st.sampled_from([1.0, 2.0]), st.sampled_from([0.2, 0.3]), draws),
)
