"""A-09.rises: the share of critical samples rises with training and reaches a plateau, on real data and on noise.

Arpit et al. 2017, figure 9, as the sentence stands. The critical sample ratio of A-09 rises on average over the epochs at which
it is measured, from the initialization on, by a hundredth or more from each to the next, for real data, noise inputs and random
labels. Epochs are about 1.6 times as late each time. At the end it is that of the epoch before, to within 0.05, on average over
the three kinds. A-09.rises.real and the others ask the same after the first epoch, for each kind of data alone.
"""

from dataclasses import replace

import numpy as np

from empirical.evidence.names import NOISE, TEST
from verify import Relation, both, claim, equivalent, increases, positive
from verify.counterfeits import backwards
from verify.measurements.memorization.critical_samples import QUANTITY, over_training, rise
from verify.measurements.pairing import paired
from verify.measurements.runs import Runs

REAL = "real"
WHERE = {"needs": (QUANTITY, "accuracy"), "labels": "clean", "source": "figure"}


def backwards_in_all(runs: Runs) -> Runs:
    """Runs of all worlds in which the critical sample ratios of all epochs are in reverse order."""
    reverse = backwards(QUANTITY)
    return replace(reverse(runs), beside=lambda suffix: reverse(runs.beside(suffix)))


@claim("A-09.rises", beside=("-randX", "-randY"), counterfeit=backwards_in_all, **WHERE)
def claim_critical_samples_rise_and_reach_a_plateau(runs: Runs) -> Relation:
    real, inputs, labels = paired(runs, runs.beside("-randX"), runs.beside("-randY"))
    curves = {REAL: over_training(real), "randX": over_training(inputs, NOISE), "randY": over_training(labels)}
    ends, before = (np.stack([values[:, place] for values in curves.values()], axis=1) for place in (-1, -2))
    return both(
        *(increases(values, 0.01, "share of images per epoch measured", about=kind) for kind, values in curves.items()),
        equivalent(ends, before, effect=0.05, unit="share of images", about="plateau"),
    )


@claim("A-09.rises.real", beside=("-randX", "-randY"), counterfeit=backwards(QUANTITY), **WHERE)
def claim_critical_samples_rise_on_real_data(runs: Runs) -> Relation:
    """A-09.rises.real: the share of critical samples rises after the first epoch of training, on real data.

    Arpit et al. 2017, figure 9. The critical sample ratio of test images at the end is above the lowest one since the first
    epoch, by 0.05 or more. Which epoch is lowest is chosen on half of the networks and read off the other half, both ways.
    """
    return rises(over_training(runs))


@claim("A-09.rises.randX", beside="-randX", counterfeit=backwards_in_all, **WHERE)
def claim_critical_samples_rise_on_noise_inputs(runs: Runs) -> Relation:
    """A-09.rises.randX: the share of critical samples rises after the first epoch of training, on noise inputs.

    Arpit et al. 2017, figure 9. This is A-09.rises.real for networks trained on Gaussian noise, and fresh noise.
    """
    return rises(over_training(runs.beside("-randX"), NOISE))


@claim("A-09.rises.randY", beside="-randY", counterfeit=backwards_in_all, **WHERE)
def claim_critical_samples_rise_on_random_labels(runs: Runs) -> Relation:
    """A-09.rises.randY: the share of critical samples rises after the first epoch of training, on random labels.

    Arpit et al. 2017, figure 9. This is A-09.rises.real for networks trained on random labels, and test images.
    """
    return rises(over_training(runs.beside("-randY"), TEST))


def rises(curve: np.ndarray) -> Relation:
    """The relation that a curve, (networks, epochs), ends above its lowest value since the first epoch."""
    return positive(rise(curve), effect=0.05, unit="share of images")
