"""Z-06.kernel: the kernel of infinitely many channels predicts what shallow convolutional networks return.

Theory of 2026 beside Zhang et al. 2020 (:mod:`theory.identity.one_image_outputs`): the mean output for any image follows from
the training image and the architecture, without training and without a seed. A dozen networks of 32 channels, filters of 3 x 3
pixels, gain 1, and two or three layers are trained by gradient descent on a digit each, and shown four others. On average over
networks, corr_id and corr_const agree with the prediction to within the effect. Deeper networks, and gains above 1, deviate by
more.
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from theory.identity import one_image_outputs
from theory.identity.convolutional_kernels import Convolutions
from verify import Relation, both, claim, given, negligible
from verify.counterfeits import planted
from verify.strategies.digits import images
from verify.strategies.linear_networks import draws

CHANNELS, NETWORKS, OTHERS, LOSS, EFFECT = 32, 12, 4, 0.03, 0.08


@dataclass(frozen=True)
class Shallow:
    """Convolutional networks of the gain 1; draw: the seed of their images and weights."""

    depth: int
    kernel: int
    draw: int


def _deeper(right):
    """The kernel of networks of twelve layers."""
    return lambda depth, *rest: right(12, *rest)


layers_miscounted = planted("verify.claims.zhang2020.claim_z06_kernel.Convolutions", _deeper)
EXAMPLES = st.builds(Shallow, st.integers(2, 3), st.just(3), draws)


@claim("Z-06.kernel", counterfeit=layers_miscounted, package="torch", source="ours")
@given(examples=2, world=EXAMPLES)
def claim_the_kernel_predicts_outputs(world: Shallow) -> Relation:
    from empirical.toy_models import one_image_networks, one_image_training
    from empirical.toy_models.image_correlations import correlation
    from empirical.toy_models.one_image_networks import Convolutional
    from empirical.toy_models.stacked_optimizers import Descent

    drawn = images(NETWORKS * (1 + OTHERS), np.random.default_rng(world.draw)).reshape(NETWORKS, 1 + OTHERS, 8, 8)
    training, others = drawn[:, :1], drawn[:, 1:]
    seeds = [world.draw * NETWORKS + network for network in range(NETWORKS)]
    architecture = Convolutional(world.depth, world.kernel, CHANNELS)
    found = one_image_training.train(architecture, training, seeds, Descent(0.05, 0.9), LOSS)
    outputs = one_image_networks.outputs(architecture, found.weights, others)
    network = Convolutions(world.depth, world.kernel, 1.0, 1 / CHANNELS)
    expected = [
        one_image_outputs.correlations(network, own[0], shown, LOSS) for own, shown in zip(training, others, strict=True)
    ]
    same = correlation(outputs, others) - np.stack([one.identity.mean for one in expected])
    constant = correlation(outputs, training) - np.stack([one.constant.mean for one in expected])
    return both(
        negligible(same, EFFECT, "cosine", about="corr_id"),
        negligible(constant, EFFECT, "cosine", about="corr_const"),
    )
