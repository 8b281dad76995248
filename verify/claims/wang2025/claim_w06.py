"""W-06: linear layers after ReLU layers compress classes as the ReLU layers do that they replace.

Wang et al. 2025, abstract: linear layers mimic the roles of deep layers in nonlinear networks. The authors train on CIFAR-10
and FashionMNIST. Here two kinds of perceptrons of seven hidden layers of 100 units fit the labels of the same 300 digits, from
the same seeds: with ReLU throughout, and with ReLU in the first three layers alone. From the third layer to the last, the
logarithm of the compression C (W-01) falls by as much a layer in both, to within 0.1; and in the linear layers a line explains
more than 90 % of its variance.

Four networks of other seeds were looked at first: C fell by 0.28 to 0.29 a layer in both kinds.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from verify import Relation, both, claim, equivalent, exceeds, given
from verify.claims.wang2025.claim_w05 import STRAIGHT
from verify.claims.wang2025.claim_w05_perceptrons import DEPTH, NETWORKS, compressions
from verify.counterfeits import planted
from verify.judging.relations import slope
from verify.strategies.fitted_digits import FittedDigits
from verify.strategies.linear_networks import draws, straightness

BENT = 3
EFFECT = 0.1


def idle(right: Callable) -> Callable:
    """Log compressions in which the linear layers leave C as it is, to a hundredth."""

    def log_compressions(seeds, n_bent):
        found = right(seeds, n_bent)
        noise = np.random.default_rng(0).normal(0, 0.01, found.shape)
        return found if n_bent == DEPTH else found[:, :1] + noise

    return log_compressions


@claim(
    "W-06",
    counterfeit=planted("verify.claims.wang2025.claim_w06.log_compressions", idle),
    package="torch",
    source="abstract",
)
@given(examples=1, draw=draws, n_bent=st.just(BENT))
def claim_linear_layers_compress_as_deep_layers_do(draw: int, n_bent: int) -> Relation:
    seeds = tuple(np.random.default_rng(draw).integers(2**62, size=NETWORKS).tolist())
    linear, bent = (log_compressions(seeds, count) for count in (n_bent, DEPTH))
    return both(
        equivalent(slope(linear), slope(bent), EFFECT, unit="log C/layer", about="linear layers less ReLU layers"),
        exceeds(np.array([straightness(row) for row in linear]), STRAIGHT, unit="of the variance", about="log C on a line"),
    )


def log_compressions(seeds: tuple[int, ...], n_bent: int) -> np.ndarray:
    """The logarithm of C from the third hidden layer to the last, (networks, layers).

    :param n_bent: how many of the layers have ReLU, from the first on.
    """
    activations = ("relu",) * n_bent + ("linear",) * (DEPTH - n_bent)
    return np.log(compressions(FittedDigits(seeds, 0.0, activations)))[:, BENT - 1 :]
