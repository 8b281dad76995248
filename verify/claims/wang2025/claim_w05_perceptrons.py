"""W-05.perceptrons: each layer of a ReLU perceptron that fits digits compresses classes by the same factor.

Wang et al. 2025, abstract, whose perceptrons of 5, 7 and 9 layers learn FashionMNIST and CIFAR-10. Here a dozen fresh
perceptrons of seven hidden layers of 100 units fit the labels of 300 digits. The rule is that of W-05.

Four networks of other seeds were looked at first, at each depth, at a third and at three times the rate, and with 1,000 images.
A line through log C explained 96 to 99 % of the variance, and a line through C 79 to 95 %.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from empirical.geometry import compression
from verify import Relation, claim, given
from verify.claims.wang2025.claim_w05 import geometric
from verify.counterfeits import planted
from verify.strategies.fitted_digits import FittedDigits
from verify.strategies.linear_networks import draws

NETWORKS, DEPTH = 12, 7


def on_a_line(right: Callable) -> Callable:
    """Compressions that fall from the first hidden layer to the last by the same amount with every layer."""

    def compressions(world):
        found = right(world)
        return found[:, :1] + np.linspace(0, 1, found.shape[1]) * (found[:, -1:] - found[:, :1])

    return compressions


@claim(
    "W-05.perceptrons",
    counterfeit=planted("verify.claims.wang2025.claim_w05_perceptrons.compressions", on_a_line),
    package="torch",
    source="abstract",
)
@given(examples=1, draw=draws, depth=st.just(DEPTH))
def claim_relu_perceptrons_compress_by_one_factor(draw: int, depth: int) -> Relation:
    rng = np.random.default_rng(draw)
    return geometric(compressions(FittedDigits.drawn(NETWORKS, rng, 0.0, activations=("relu",) * depth)))


def compressions(world: FittedDigits) -> np.ndarray:
    """C of every hidden layer at the end of training, (networks, layers)."""
    return np.stack([compression.compression(held) for held in world.class_features(world.trained)], axis=1)
