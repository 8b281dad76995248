"""A-08.linear: the time to fit a training set grows with its size as the theory of linearized networks says.

Arpit et al. 2017, figure 6 right; the theory is ours (theory.learning.fitting_times). It assumes outputs that are
linear in the parameters, and a kernel that depends only on whether two images are one, of one class, or of two classes. It
has no free number: the exponent of time over the number of images is 1 for Gaussian noise, for noise with real pixel means,
and for random labels. For real data, the exponent follows from the ratio of the times for random and for true labels at the
smallest number of images; a ratio below 1, which no such kernel has, counts as 1. Each part is the measured exponent less
that of the theory, which is right to a quarter. Times are those of A-08.

Networks that learn features leave the theory, and so do real images, which are not alike within a class. The parts say how
far.
"""

import numpy as np

from theory.learning import fitting_times
from verify import Relation, both, claim, equivalent
from verify.claims.arpit2017.claim_a08 import WHERE
from verify.counterfeits import exchanged
from verify.measurements.memorization.time_to_loss import exponents, times_to_loss
from verify.measurements.sweeps import Sweep

# Random labels come last.
NOISE = ("-randX", "-randXpix", "-randY")


@claim("A-08.linear", beside=NOISE, counterfeit=exchanged("-randY"), **{**WHERE, "source": "ours"})
def claim_times_grow_as_in_linearized_networks(sweep: Sweep) -> Relation:
    times = times_to_loss(sweep, *map(sweep.beside, NOISE))
    real, *noise = times.exponents()
    predicted = exponents(predicted_growth(times.values, times.logs[0], times.logs[-1]), times.values)
    shown = {"effect": 0.25, "unit": "exponent of size", "note": times.left_out}
    return both(
        *(equivalent(found, 1.0, **shown, about=f"{kind[1:]} less theory") for kind, found in zip(NOISE, noise, strict=True)),
        equivalent(real, predicted, **shown, about="real less theory"),
    )


def predicted_growth(sizes: np.ndarray, real: np.ndarray, permuted: np.ndarray) -> np.ndarray:
    """The logarithm of the factor by which the time for true labels grows from the smallest size, (networks, sizes).

    :param real, permuted: log times for true and for permuted labels, (networks, sizes).
    """
    ratio = np.maximum(np.exp(permuted[:, :1] - real[:, :1]), 1.0)
    return np.log(fitting_times.growth_for_classes(sizes / sizes[0], ratio))
