"""A-10: the more input images are noise, the more critical samples a network has at the end of training.

Arpit et al. 2017, figures 7 and 8. A share of the training images is replaced by Gaussian noise. Test images are real, and the
same at every share. Their critical sample ratio at the end, with the radius of A-09, rises by 0.03 or more for each further
fifth of the images, on average over the shares from 20 % to 80 %. A-10.step has the step to the first fifth.
"""

from verify import Relation, claim, dominates, increases
from verify.counterfeits import exchanged_with_first, reversed_values
from verify.measurements.memorization.critical_samples import QUANTITY, ratio
from verify.measurements.memorization.noise_levels import INPUT_NOISE, first_step
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep

NEEDS = (QUANTITY, "accuracy")
EFFECT, UNIT = 0.03, "share of images per fifth of noise"
no_step = exchanged_with_first(INPUT_NOISE)


@claim("A-10", needs=NEEDS, sweep="noise_share", labels="clean", counterfeit=reversed_values, source="figure")
def claim_critical_samples_rise_with_input_noise(sweep: Sweep) -> Relation:
    return rises_with_level(sweep)


@claim("A-10.labels", needs=NEEDS, sweep="permuted_fraction", labels="any", counterfeit=reversed_values, source="figure")
def claim_critical_samples_rise_with_label_noise(sweep: Sweep) -> Relation:
    """A-10.labels: the more labels are random, the more critical samples a network has at the end of training.

    Arpit et al. 2017, figures 7 and 8. This is A-10 for a share of the training labels that is permuted, from 0 to 80 %.
    """
    return rises_with_level(sweep)


@claim("A-10.step", needs=NEEDS, labels="clean", beside=INPUT_NOISE, counterfeit=no_step, source="figure")
def claim_the_first_fifth_of_noise_adds_critical_samples(runs: Runs) -> Relation:
    """A-10.step: a network has more critical samples where a fifth of the input images is noise than where none is.

    Arpit et al. 2017, figures 7 and 8. This is A-10 for the step from clean images to the smallest share of noise.
    """
    without, with_noise = first_step(runs)
    return dominates(ratio(with_noise, "end"), ratio(without, "end"), EFFECT, UNIT)


def rises_with_level(sweep: Sweep) -> Relation:
    """The relation that the critical sample ratio of test images at the end rises over the values of a sweep."""
    return increases(sweep.stack(lambda runs: ratio(runs, "end")), EFFECT, UNIT)
