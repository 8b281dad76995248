"""Q-02.linear: in linear models, summed alignment exceeds the loss drop by half the summed squared steps of the output.

Stephenson et al. 2021, discussion; the identity is ours (theory.kernels.loss_drops), for the squared loss and descent at any
rate that converges. A linear model of drawn features and targets is trained by autograd. Alignments are products of the
gradients of single examples with the mean gradient; the theory gives their sum from the kernel alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from theory.kernels import loss_drops
from verify import Relation, both, claim, given, vanishes
from verify.counterfeits import planted
from verify.strategies.linear_networks import draws


@dataclass(frozen=True)
class Regression:
    """N Gaussian examples of F features and K targets; pace: the rate in units of the largest that converges."""

    n_examples: int
    n_features: int
    n_targets: int
    pace: float
    n_steps: int
    draw: int

    def problem(self) -> tuple[np.ndarray, np.ndarray]:
        """Features, (N, F), and targets, (N, K)."""
        rng = np.random.default_rng(self.draw)
        return rng.standard_normal((self.n_examples, self.n_features)), rng.standard_normal((self.n_examples, self.n_targets))


def not_halved(right: Callable) -> Callable:
    """The squared steps in place of half of them."""
    return lambda *of: 2 * right(*of)


EXAMPLES = st.builds(
    Regression,
    *(st.integers(2, 12), st.integers(1, 12), st.integers(1, 3)),
    *(st.sampled_from([0.05, 0.3, 0.9]), st.integers(1, 60), draws),
)


@claim(
    "Q-02.linear",
    counterfeit=planted("theory.kernels.loss_drops.alignment_excess", not_halved),
    package="torch",
    source="ours",
)
@given(world=EXAMPLES)
def claim_summed_alignment_exceeds_the_loss_drop_by_the_squared_steps(world: Regression) -> Relation:
    from empirical.toy_models import kernel_descent

    features, targets = world.problem()
    kernel = features @ features.T
    rate = 2 * world.pace * world.n_examples / np.linalg.eigvalsh(kernel)[-1]
    summed, outputs = kernel_descent.summed_alignments(features, targets, rate, world.n_steps)
    drops = ((targets**2).sum(1) - ((outputs - targets) ** 2).sum(1)) / 2
    size = (targets**2).sum(1).max()
    return both(
        vanishes(loss_drops.loss_drop(kernel, targets, rate, world.n_steps) - drops, scale=size),
        vanishes(loss_drops.alignment_excess(kernel, targets, rate, world.n_steps) - (summed - drops), scale=size),
    )
