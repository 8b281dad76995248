"""A-11: the more input images are noise, the lower are the best and the final test accuracy.

Arpit et al. 2017, figures 7 and 8. A share of the training images is replaced by Gaussian noise, and test images are real. The
best accuracy is that of the turning point, which is chosen on the other half of the test images; the final one is that of the
last epoch. Each falls by a hundredth or more for each further fifth of the images, on average over the shares from 20 % to
80 %. A-11.step has the step to the first fifth, which is the weakest.
"""

from verify import Relation, both, claim, dominates, increases
from verify.counterfeits import exchanged_with_first, reversed_values
from verify.measurements.memorization.noise_levels import INPUT_NOISE, first_step
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep

EFFECT, UNIT = 0.01, "test error per fifth of noise"
TIMES = {"best": "turning_point", "final": "end"}


@claim("A-11", needs="accuracy", sweep="noise_share", labels="clean", counterfeit=reversed_values, source="figure")
def claim_test_accuracy_falls_with_input_noise(sweep: Sweep) -> Relation:
    return falls_with_level(sweep)


@claim("A-11.labels", needs="accuracy", sweep="permuted_fraction", labels="any", counterfeit=reversed_values, source="figure")
def claim_test_accuracy_falls_with_label_noise(sweep: Sweep) -> Relation:
    """A-11.labels: the more labels are random, the lower are the best and the final test accuracy.

    Arpit et al. 2017, figures 7 and 8. This is A-11 for a share of the training labels that is permuted, from 0 to 80 %.
    """
    return falls_with_level(sweep)


@claim(
    "A-11.step",
    needs="accuracy",
    labels="clean",
    beside=INPUT_NOISE,
    counterfeit=exchanged_with_first(INPUT_NOISE),
    source="figure",
)
def claim_the_first_fifth_of_noise_lowers_test_accuracy(runs: Runs) -> Relation:
    """A-11.step: the best and the final test accuracy are lower where a fifth of the input images is noise than where none is.

    Arpit et al. 2017, figures 7 and 8. This is A-11 for the step from clean images to the smallest share of noise.
    """
    without, with_noise = first_step(runs)
    return both(
        *(
            dominates(without.accuracy("test", when), with_noise.accuracy("test", when), EFFECT, UNIT, about=name)
            for name, when in TIMES.items()
        )
    )


def falls_with_level(sweep: Sweep) -> Relation:
    """The relation that the best and the final test accuracy fall over the values of a sweep."""
    errors = {name: 1 - sweep.stack(lambda runs, when=when: runs.accuracy("test", when)) for name, when in TIMES.items()}
    return both(*(increases(values, EFFECT, UNIT, about=name) for name, values in errors.items()))
