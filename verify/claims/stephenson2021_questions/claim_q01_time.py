"""Q-01.time: the permutation formula says how well own outputs rank mislabeled examples while a linearized network trains.

Stephenson et al. 2021, discussion: can gradients find mislabeled examples? The answer is ours. The own output of an example is
the output of its label. Outputs respond to the labels by A(t) = 1 - exp(-K t / N), where K is the kernel of Q-01, and A(t)
takes the place of the kernel in the formula (theory.kernels.kernel_flow). The claim measures by gradient descent on labels
that are permuted afresh each time, up to 30 % of them. It stops at a third of the time of the largest gap, at that time, or at
three times that time.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from theory.kernels import alignment_laws, kernel_flow, mislabel_detection, output_gaps
from verify import Relation, agrees, claim, given
from verify.counterfeits import planted
from verify.strategies.mislabeled import Mislabeled, mislabeled

# Of the largest step that does not overshoot.
PACE = 0.2


def rates_exchanged(right: Callable) -> Callable:
    """What is fast between classes and slow within them the other way round: each mode has the rate of its opposite in rank."""

    def response(kernel, time):
        values, modes = np.linalg.eigh(kernel)
        return right((modes * np.maximum(values, 0)[::-1]) @ modes.T, time)

    return response


exchanged = planted("theory.kernels.kernel_flow.response", rates_exchanged)


@claim("Q-01.time", counterfeit=exchanged, package="torch", source="ours")
@given(examples=6, world=mislabeled((0.15, 0.3)), moment=st.sampled_from([0.3, 1.0, 3.0]))
def claim_the_permutation_formula_says_how_well_own_outputs_rank(world: Mislabeled, moment: float) -> Relation:
    from empirical.toy_models import kernel_descent, label_alignments

    kernel, classes = alignment_laws.centred(world.matrix()), world.examples()[1]
    spectrum = kernel_flow.rate_spectrum(kernel, classes)
    time = moment * output_gaps.largest_spectral_gap_time(spectrum)
    response = kernel_flow.response(kernel, time)
    law = alignment_laws.alignment_law(response, classes, world.n_classes, world.n_permuted, own=True)
    predicted = mislabel_detection.auroc(law)
    n_steps = int(np.ceil(time * spectrum.rates.max() / PACE))
    features = root(label_alignments.centred(world.matrix()))

    def differences(n: int, rng: np.random.Generator) -> np.ndarray:
        labels = world.labellings(n, rng)
        targets = np.moveaxis(np.eye(world.n_classes)[labels] - 1 / world.n_classes, 0, 1).reshape(len(classes), -1)
        outputs = kernel_descent.descend(features, targets, time / n_steps, n_steps, [n_steps])[0]
        outputs = np.moveaxis(outputs.reshape(len(classes), n, world.n_classes), 1, 0)
        return label_alignments.area(label_alignments.own_outputs(outputs, labels), labels == classes) - predicted

    return agrees(differences, effect=0.02, unit="AUROC", counted="permutations", pilot=100)


def root(kernel: np.ndarray) -> np.ndarray:
    """Features that have this kernel, (N, N)."""
    values, modes = np.linalg.eigh(kernel)
    return modes * np.sqrt(np.maximum(values, 0))
