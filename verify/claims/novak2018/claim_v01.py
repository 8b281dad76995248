"""V-01: networks that fit permuted labels are more sensitive to their input, at test images, than networks that fit true ones.

Novak et al. 2018: factors that go with poor generalization, such as random labels, go with a larger norm of the input-output
Jacobian. Sensitivity is the Frobenius norm of the derivative of the softmax probabilities with respect to the pixels, in the
mean over 300 digits that a network is not trained on. A dozen fresh perceptrons of five hidden layers are trained on 300 digits
for 60 epochs, after which each fits 98 % of its labels or more, once with true labels and once with all labels permuted. The
logarithm of the sensitivity is larger with permuted labels, and a factor of two is worth arguing about. Networks and training
are those of Q-09, whose rate was chosen in trials on other seeds so that labels are fitted; the factor is ours.
"""

import numpy as np
from hypothesis import strategies as st

from verify import Relation, claim, given, rises
from verify.counterfeits import in_reverse, planted
from verify.strategies.fitted_digits import FittedDigits

# The fraction of permuted labels.
STAGES = (0.0, 1.0)
TWICE = float(np.log(2))


EXCHANGED = planted("verify.claims.novak2018.claim_v01.STAGES", in_reverse)


@claim("V-01", counterfeit=EXCHANGED, package="torch", source="remembered")
@given(examples=1, relative=st.just(False))
def claim_permuted_labels_make_networks_sensitive(relative: bool) -> Relation:
    return more_sensitive("unseen", relative)


@claim("V-01.training", counterfeit=EXCHANGED, package="torch", source="ours")
@given(examples=1, relative=st.just(False))
def claim_permuted_labels_make_networks_sensitive_at_training_images(relative: bool) -> Relation:
    """V-01.training: networks that fit permuted labels are more sensitive than others at their training images too.

    Novak et al. 2018 look at test images; the claim is ours. This is V-01 at the 300 images that each network is trained on.
    """
    return more_sensitive("inputs", relative)


@claim("V-01.logits", counterfeit=EXCHANGED, package="torch", source="ours")
@given(examples=1, relative=st.just(True))
def claim_permuted_labels_make_logits_sensitive(relative: bool) -> Relation:
    """V-01.logits: networks that fit permuted labels have steeper logits relative to the spread of their logits.

    Novak et al. 2018 take probabilities, which logits that are scaled up make steeper; the claim is ours, and asks whether more
    than their size is behind V-01. This is V-01 with the derivative of the logits less their mean, on which the probabilities
    do not depend, in units of the standard deviation of the logits of an image about that mean.
    """
    return more_sensitive("unseen", relative)


def more_sensitive(points: str, relative: bool) -> Relation:
    """The relation that log sensitivity rises from true to permuted labels.

    :param points: "inputs" for the training images of each network, "unseen" for others.
    """

    def sensitivities(n: int, rng: np.random.Generator) -> np.ndarray:
        seeds = FittedDigits.drawn(n, rng, 0.0).seeds
        worlds = [FittedDigits(seeds, fraction) for fraction in STAGES]
        return np.stack([one.log_sensitivities(one.trained, getattr(one, points), relative) for one in worlds], axis=1)

    return rises(sensitivities, effect=TWICE, unit="log norm", counted="networks")
