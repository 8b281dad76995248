"""Q-04: two mean rates say when the outputs of right and of wrong labels are furthest apart, however many labels are wrong.

Stephenson et al. 2021, discussion; the answer is ours (theory.kernels.output_gaps). Networks are trained on digits with
permuted labels by full-batch descent on the squared loss, away from their initial outputs. The gap is the mean output of the
trained label over right examples less that over wrong ones. It is largest at t* = ln(b / w) / (b - w), where b and w are the
mean rates between and within classes of the network's tangent kernel at initialization. The logarithm of the measured time less
that of t* is compared with 0 for three shares of permuted labels, 15 %, 30 % and 60 %.

The gap of a network is the mean over two permutations of its labels, because the theory is about that mean, and a single gap
is so flat that chance has a say in when it is largest. Twelve to twenty-four networks with one permutation, and twelve with
four, were judged first: this claim was INCONCLUSIVE each time, and Q-04.spectrum SUPPORTED or INCONCLUSIVE, as it is now.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from theory.kernels import alignment_laws, exchangeable_kernels, kernel_flow, output_gaps
from verify import Relation, both, claim, given, negligible
from verify.counterfeits import planted
from verify.judging.verdicts import Broken
from verify.strategies.linear_networks import draws
from verify.strategies.mislabeled import LabelledNetworks

if TYPE_CHECKING:
    from torch import nn

FRACTIONS, EFFECT = (0.15, 0.3, 0.6), 0.3
# The step in units of 1 / the largest rate, and the number of steps; the gap is largest after some 50 of them.
PACE, STEPS, PERMUTATIONS = 1.0, 200, 2
EXAMPLES = st.builds(
    LabelledNetworks, st.just(24), st.integers(1, 2), st.just(64), st.just(80), st.integers(4, 6), st.just(0.0), draws
)


def of_the_readout_alone(right: Callable) -> Callable:
    """The kernel of the readout's weights, as if the layers before it did not learn."""
    return lambda world: tangent_kernels(world, ("readout",))


readout_alone = planted("verify.claims.stephenson2021_questions.claim_q04.kernels", of_the_readout_alone)


@claim("Q-04", counterfeit=readout_alone, package="torch", source="ours")
@given(examples=2, world=EXAMPLES)
def claim_the_gap_is_largest_when_two_mean_rates_say(world: LabelledNetworks) -> Relation:
    return largest_when_predicted(world, two_rates)


@claim("Q-04.spectrum", counterfeit=readout_alone, package="torch", source="ours")
@given(examples=2, world=EXAMPLES)
def claim_the_gap_is_largest_when_all_rates_say(world: LabelledNetworks) -> Relation:
    """Q-04.spectrum: all rates say when the outputs of right and of wrong labels are furthest apart, however many are wrong.

    Stephenson et al. 2021, discussion; the answer is ours. This is Q-04 with the time at which the gap of a kernel with many
    rates is largest (theory.kernels.output_gaps.largest_spectral_gap_time), in place of t* of two mean rates.
    """
    return largest_when_predicted(world, all_rates)


def two_rates(kernel: np.ndarray, classes: np.ndarray, n_classes: int) -> float:
    """t* of the mean rates between and within classes."""
    nearest = exchangeable_kernels.nearest(kernel, classes)
    return float(output_gaps.largest_gap_time(exchangeable_kernels.rates(nearest, len(classes) / n_classes, n_classes)))


def all_rates(kernel: np.ndarray, classes: np.ndarray, n_classes: int) -> float:
    """The time of the largest gap by all rates of the kernel."""
    spectrum = kernel_flow.rate_spectrum(alignment_laws.centred(kernel), classes)
    return output_gaps.largest_spectral_gap_time(spectrum)


def largest_when_predicted(world: LabelledNetworks, time: Callable) -> Relation:
    """The relations that the gap is largest at the predicted time, one for each share of permuted labels."""
    classes = world.examples()[1]
    predicted = [time(kernel, each, world.n_classes) for kernel, each in zip(kernels(world), classes, strict=True)]
    return both(
        *(
            negligible(np.log(measured / predicted), EFFECT, "log time", about=f"{fraction:.0%} permuted")
            for fraction, measured in zip(FRACTIONS, largest_gap_times(world), strict=True)
        )
    )


def kernels(world: LabelledNetworks) -> list[np.ndarray]:
    """The kernels from which the theory predicts: those of all parameters."""
    return tangent_kernels(world)


# Asked for twice of each world: for the prediction, and for the steps of the descent.
@lru_cache(maxsize=1)
def tangent_kernels(world: LabelledNetworks, layers: tuple[str, ...] = ()) -> list[np.ndarray]:
    """The tangent kernel of each network at initialization, of the parameters of some layers or of all."""
    import torch

    from empirical.toy_models import small_networks

    images = world.examples()[0]
    return [
        small_networks.tangent_kernel(model, torch.as_tensor(shown), layers)
        for model, shown in zip(world.models(), images, strict=True)
    ]


def largest_gap_times(world: LabelledNetworks) -> np.ndarray:
    """The times at which the gaps of trained networks are largest, in the mean over permutations, (fractions, networks).

    :raises Broken: a gap is still growing at the last step.
    """
    largest = np.array([np.linalg.eigvalsh(kernel)[-1] for kernel in tangent_kernels(world)]) / world.n_images
    models, worlds = world.models(), [replace(world, fraction=fraction) for fraction in FRACTIONS]
    gaps = np.stack([mean_gaps(one, models, PACE / largest) for one in worlds], axis=1)
    steps = gaps.argmax(axis=0)
    if np.any(steps == STEPS):
        raise Broken(f"a gap is still growing after {STEPS} steps; train for longer")
    return steps * PACE / largest


def mean_gaps(world: LabelledNetworks, models: list["nn.Sequential"], rates: np.ndarray) -> np.ndarray:
    """The gap before every step and after the last, averaged over permutations of the labels, (steps + 1, networks)."""
    from empirical.toy_models import label_alignments, labelled_networks

    rng = np.random.default_rng([world.draw, 3])
    labels = np.concatenate([world.labels(rng) for _ in range(PERMUTATIONS)])
    images, classes, rates = (np.concatenate([values] * PERMUTATIONS) for values in (*world.examples(), rates))
    targets = np.eye(world.n_classes)[labels] - 1 / world.n_classes
    images = images.astype(np.float32)  # twice as fast, and enough to see when a gap is largest
    outputs = labelled_networks.descend(models * PERMUTATIONS, images, targets, rates, STEPS)
    gaps = np.stack([gap(label_alignments.own_outputs(moved, labels), labels == classes) for moved in outputs])
    return gaps.reshape(STEPS + 1, PERMUTATIONS, -1).mean(axis=1)


def gap(own: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The mean own output of right examples less that of wrong ones, (networks,), of values (networks, n)."""
    return np.mean(own, axis=1, where=right) - np.mean(own, axis=1, where=~right)
