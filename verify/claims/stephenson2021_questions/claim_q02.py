"""Q-02: summed over training, alignment with the mean gradient is the drop of the own loss, to first order in the rate.

Stephenson et al. 2021, discussion: can gradients find mislabeled examples? Summed over training, alignment does no better than
the loss: it is the drop of the loss, exactly under gradient flow (theory.kernels.loss_drops). Networks are trained on digits
with permuted labels by full-batch descent on the cross-entropy. The distance of the summed alignments from the drops, relative
to the drops, is measured over the examples of each network. It is within the effect at the rate .005, and halves with the rate:
its order in the rate is 1 to within .2.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from verify import Relation, both, claim, equivalent, given, negligible
from verify.counterfeits import planted
from verify.strategies.linear_networks import draws
from verify.strategies.mislabeled import LabelledNetworks

RATE, TIME = 0.005, 1.0
EXAMPLES = st.builds(
    LabelledNetworks, st.just(10), st.integers(1, 3), st.just(24), st.just(60), st.integers(4, 10), st.just(0.3), draws
)


def of_permuted_examples(right: Callable) -> Callable:
    """The mean gradient of the permuted examples alone."""
    return lambda wrong: wrong


@claim(
    "Q-02",
    counterfeit=planted("verify.claims.stephenson2021_questions.claim_q02.averaged_over", of_permuted_examples),
    package="torch",
    source="ours",
)
@given(examples=2, world=EXAMPLES)
def claim_summed_alignment_is_the_loss_drop(world: LabelledNetworks) -> Relation:
    coarse, fine = (relative_distance(world, rate) for rate in (RATE, RATE / 2))
    return both(
        negligible(coarse, 0.05, "relative", about=f"at the rate {RATE}"),
        equivalent(np.log2(coarse / fine), np.ones(world.n_networks), 0.2, "order in the rate", about="order less 1"),
    )


def relative_distance(world: LabelledNetworks, rate: float) -> np.ndarray:
    """||summed alignments - loss drops|| / ||loss drops|| over the examples of each network, (networks,)."""
    from empirical.toy_models import labelled_networks

    (images, classes), labels = world.examples(), world.labels()
    members = averaged_over(labels != classes)
    summed, drops = labelled_networks.summed_alignments(world.models(), images, labels, rate, round(TIME / rate), members)
    return np.linalg.norm(summed - drops, axis=1) / np.linalg.norm(drops, axis=1)


def averaged_over(wrong: np.ndarray) -> np.ndarray:
    """The examples over which the mean gradient is taken: all of them, whether their labels are right or wrong."""
    return np.ones_like(wrong)
