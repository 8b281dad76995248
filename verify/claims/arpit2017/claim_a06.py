"""A-06: the more input images are noise, the more test accuracy a narrow network loses against a wide one.

Arpit et al. 2017, figure 5 left: with noise in the inputs, the capacity needed for optimal validation accuracy grows with the
share of noise. In the three worlds 0, 40 and 80 % of the training images are replaced by Gaussian noise, and test images are
real. For each network the claim takes test accuracy at the turning point of the widest network of its number, minus that of
the narrowest (16 hidden units). This loss rises from each share to the next, on average over the two steps.

The best width itself cannot be decided by a few networks, because wide networks differ by less than networks of one width do
(A-06.argmax). Networks of one number have the same images before the noise, the same labels and the same initialization.
"""

import numpy as np

from verify import Relation, claim, increases
from verify.counterfeits import exchanged
from verify.measurements.pairing import paired_sweeps
from verify.measurements.sweeps import Sweep

LEVELS = ("-inputs40", "-inputs80")
WHERE = {"needs": "accuracy", "sweep": "width", "labels": "clean", "beside": LEVELS, "source": "figure"}


@claim("A-06", counterfeit=exchanged("-inputs80"), **WHERE)
def claim_narrow_networks_lose_more_with_noise(sweep: Sweep) -> Relation:
    _, best = best_accuracies(sweep)
    return increases(best[..., -1] - best[..., 0], effect=0.01, unit="test accuracy per step of 40 % noise")


@claim("A-06.argmax", counterfeit=exchanged("-inputs80"), **WHERE)
def claim_the_best_width_grows_with_noise(sweep: Sweep) -> Relation:
    """A-06.argmax: the more input images are noise, the wider is the network with the best test accuracy.

    Arpit et al. 2017, figure 5 left, as the sentence stands; A-06 has a statistic with less chance. In each world the claim
    takes, for each network number, the binary logarithm of the width with the highest test accuracy at the turning point, the
    narrowest of ties. Its mean rises with the share of noise, by one doubling from each share to the next.
    """
    widths, best = best_accuracies(sweep)
    return increases(np.log2(widths)[best.argmax(axis=-1)], effect=1.0, unit="doublings of width per step of 40 % noise")


def best_accuracies(sweep: Sweep) -> tuple[np.ndarray, np.ndarray]:
    """The widths, (widths,), and test accuracy at the turning point at each level of noise, (networks, levels, widths)."""
    worlds = paired_sweeps(sweep, *map(sweep.beside, LEVELS))
    best = [world.stack(lambda runs: runs.accuracy("test", "turning_point")) for world in worlds]
    return np.array(worlds[0].values), np.stack(best, axis=1)
