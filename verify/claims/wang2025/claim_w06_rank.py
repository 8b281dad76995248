"""W-06.rank: over the layers the numerical rank of the features rises first, and then falls.

Wang et al. 2025, as we remember their figure of linear layers beside deep nonlinear ones. The numerical rank counts the
singular values that make up 95 % of the nuclear norm. The networks are those of W-06. With ReLU throughout and with four linear
layers at the end, the logarithm of the rank rises from the pixels to the first hidden layer and falls from there to the last,
and in the last layer it is lower than before training.

The figure also has the accuracy of each layer, which saturates early. That is not asked, because a linear readout of the pixels
fits 98 % of these labels. Four networks of other seeds were looked at first: the rank was 42 at the pixels, 81 at the first
layer, and 50 and 26 at the last (before training 64 and 40).
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from empirical.geometry.numerical_rank import numerical_rank
from verify import Relation, both, claim, dominates, given
from verify.claims.wang2025.claim_w05_perceptrons import DEPTH, NETWORKS
from verify.claims.wang2025.claim_w06 import BENT
from verify.counterfeits import planted
from verify.strategies.fitted_digits import FittedDigits
from verify.strategies.linear_networks import draws

EFFECT = 0.05
KINDS = {"ReLU": DEPTH, "linear at the end": BENT}


def upside_down(right: Callable) -> Callable:
    """Log ranks of the layers in reverse order, the pixels' for the last layer's."""
    return lambda world: {moment: found[:, ::-1] for moment, found in right(world).items()}


@claim(
    "W-06.rank",
    counterfeit=planted("verify.claims.wang2025.claim_w06_rank.log_ranks", upside_down),
    package="torch",
    source="remembered",
)
@given(examples=1, draw=draws, depth=st.just(DEPTH))
def claim_the_rank_rises_and_then_falls(draw: int, depth: int) -> Relation:
    seeds = tuple(np.random.default_rng(draw).integers(2**62, size=NETWORKS).tolist())
    return both(*(part for kind in KINDS for part in rise_and_fall(kind, seeds, depth)))


def rise_and_fall(kind: str, seeds: tuple[int, ...], depth: int) -> tuple[Relation, Relation, Relation]:
    """The relations for one kind of network."""
    world = FittedDigits(seeds, 0.0, ("relu",) * KINDS[kind] + ("linear",) * (depth - KINDS[kind]))
    ranks = log_ranks(world)
    pixels, first, *_, last = ranks["end"].T
    return (
        dominates(first, pixels, EFFECT, "log rank", about=f"rise to the first layer, {kind}"),
        dominates(first, last, EFFECT, "log rank", about=f"fall to the last layer, {kind}"),
        dominates(ranks["start"][:, -1], last, EFFECT, "log rank", about=f"last layer before training over after, {kind}"),
    )


def log_ranks(world: FittedDigits) -> dict[str, np.ndarray]:
    """The log numerical rank of the pixels and of each hidden layer before and after training, (networks, 1 + L)."""

    def of(layers) -> np.ndarray:
        return np.log(np.stack([numerical_rank(held) for held in (world.inputs, *world.features(layers))], axis=1))

    return {"start": of(world.started), "end": of(world.trained)}
