"""Q-09: training on true labels makes the last hidden layer more linear in the pixels, and training on permuted ones less.

Stephenson et al. 2021 conjecture in their discussion that early layers are spared because their features are close to linear.
The claim asks what training does to linearity itself. Linearity is the cross-validated R^2 of the best affine map from the
pixels to the features of the last hidden layer (:mod:`empirical.geometry.linearity`), at images that the map has not seen.

A dozen fresh perceptrons of five hidden layers are trained on 300 digits until they fit all labels, once with true labels and
once with all labels permuted. From permuted labels over the initialization to true labels R^2 rises at both steps.
"""

import numpy as np
from hypothesis import strategies as st

from verify import Relation, claim, given, rises
from verify.counterfeits import in_reverse, planted
from verify.strategies.fitted_digits import FittedDigits

# The fraction of permuted labels; None stands for the networks before training.
STAGES = (1.0, None, 0.0)


@claim(
    "Q-09",
    counterfeit=planted("verify.claims.stephenson2021_questions.claim_q09.STAGES", in_reverse),
    package="torch",
    source="ours",
)
@given(examples=1, layer=st.just(-1))
def claim_true_labels_make_the_last_layer_linear(layer: int) -> Relation:
    def linearities(n: int, rng: np.random.Generator) -> np.ndarray:
        seeds = FittedDigits.drawn(n, rng, 0.0).seeds
        return np.stack([linearity(FittedDigits(seeds, stage or 0.0), stage is not None) for stage in STAGES], axis=1)

    def linearity(networks: FittedDigits, trained: bool) -> np.ndarray:
        layers = networks.trained if trained else networks.started
        return networks.r2_from_input(layers, slice(layer, None))[:, 0]

    return rises(linearities, effect=0.1, unit="R^2", counted="networks")
