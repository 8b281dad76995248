"""Q-10: on one input, a network with linear layers memorizes in its first layer, and a network with ReLU does not.

Stephenson et al. 2021 conjecture in their discussion that early layers are spared because their features are close to linear.
If all layers are linear, labels that are fitted must be separable in the first layer already, or no later layer could separate
them: the most linear of all networks does not spare its early layers.

A dozen fresh pairs of networks of five hidden layers, without and with ReLU, fit 300 digits, half of whose labels are permuted.
Both see 800 random features of the pixels, of which a linear map can return any labels. Of permuted images under the labels
trained on, log capacity over that of shuffled labels is taken in every hidden layer (cavity method). Its value in the first
layer, as a share of the largest over layers, is below one half with ReLU and above one half with linear layers.
"""

import numpy as np
from hypothesis import strategies as st

from verify import Relation, claim, given, rises
from verify.counterfeits import in_reverse, planted
from verify.strategies.fitted_digits import LINEAR, RANDOM_FEATURES, RELU, FittedDigits

NETWORKS = (RELU, LINEAR)
HALF = 0.5


@claim(
    "Q-10",
    counterfeit=planted("verify.claims.stephenson2021_questions.claim_q10.NETWORKS", in_reverse),
    package="torch",
    source="ours",
)
@given(examples=1, permuted_fraction=st.just(0.5))
def claim_linear_networks_memorize_in_their_first_layer(permuted_fraction: float) -> Relation:
    def shares(n: int, rng: np.random.Generator) -> np.ndarray:
        seeds = FittedDigits.drawn(n, rng, permuted_fraction).seeds
        of_relu, of_linear = (
            first_layer(FittedDigits(seeds, permuted_fraction, activations, RANDOM_FEATURES)) for activations in NETWORKS
        )
        return np.stack([of_relu, np.full(n, HALF), of_linear], axis=1)

    # Half of the smallest difference between the two networks that is worth arguing about, 0.3.
    return rises(shares, effect=0.15, unit="of the largest gain over layers", counted="networks")


def first_layer(networks: FittedDigits) -> np.ndarray:
    """The log gain of the first layer, as a share of the largest over layers, (networks,)."""
    gains = networks.log_gains(networks.trained)
    return gains[:, 0] / gains.max(1)
