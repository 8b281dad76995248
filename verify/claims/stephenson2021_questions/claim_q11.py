"""Q-11: pixels separate permuted labels no better than shuffled ones, and the last hidden layer separates them far better.

Stephenson et al. 2021 conjecture in their discussion that early layers are spared because their features are close to linear.
What is close to the pixels has nothing to tell a permuted label by: the permutation does not know the images.

Separation is the share of the labels of permuted images that a linear readout of 40 principal components returns, fitted to the
same images (:func:`empirical.geometry.linearity.readout_accuracy`); a readout of shuffled labels has as many dimensions to fit
them with. Over fresh digits and permutations, the pixels have the same share for both labels on average. In the last of five
hidden layers, of a dozen fresh networks that fit 300 digits with half of the labels permuted, the share is larger for the
labels trained on.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from empirical.data.permuted_labels import TrainingLabels
from verify import Relation, agrees, both, claim, given, rises
from verify.counterfeits import planted
from verify.strategies.fitted_digits import FittedDigits

PILOT = 100


def true_labels(_: Callable) -> Callable:
    """The true labels of the permuted images, in place of those trained on."""
    return lambda labels: labels.true


@claim(
    "Q-11",
    counterfeit=planted("verify.claims.stephenson2021_questions.claim_q11.asked", true_labels),
    package="torch",
    source="ours",
)
@given(examples=1, permuted_fraction=st.just(0.5))
def claim_pixels_do_not_separate_permuted_labels(permuted_fraction: float) -> Relation:
    def of_pixels(n: int, rng: np.random.Generator) -> np.ndarray:
        networks = FittedDigits.drawn(n, rng, permuted_fraction)
        return np.diff(separations(networks, networks.inputs))[:, 0]

    def of_the_last_layer(n: int, rng: np.random.Generator) -> np.ndarray:
        networks = FittedDigits.drawn(n, rng, permuted_fraction)
        return separations(networks, networks.features(networks.trained)[-1])

    return both(
        agrees(of_pixels, effect=0.05, unit="of the labels", counted="permutations", pilot=PILOT),
        rises(of_the_last_layer, effect=0.3, unit="of the labels", counted="networks"),
    )


def separations(networks: FittedDigits, features: np.ndarray) -> np.ndarray:
    """The share of shuffled and of permuted labels that a readout returns, (networks, 2)."""
    labels = [asked(one) for one in networks.labels]
    return np.stack([networks.separations(list(features), labels, shuffled) for shuffled in (True, False)], axis=1)


def asked(labels: TrainingLabels) -> np.ndarray:
    """The labels that are asked of the readout, (n,): those that the network is trained on."""
    return labels.trained
