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
from verify.judging.verdicts import NotAsked
from verify.measurements.memorization.widths import LEVELS, best_accuracies
from verify.measurements.sweeps import Sweep

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
    narrowest of ties. Its mean rises with the share of noise, by one doubling from each share to the next. The claim is not
    asked where at some share of noise most networks have their best width at an end of the sweep, because the best of all
    widths may then lie beyond it.
    """
    widths, best = best_accuracies(sweep)
    places = best.argmax(axis=-1)
    require_inside(places, widths)
    return increases(np.log2(widths)[places], effect=1.0, unit="doublings of width per step of 40 % noise")


def require_inside(places: np.ndarray, widths: np.ndarray) -> None:
    """Require that the best widths, given by their places, (networks, levels), lie inside the sweep at every level.

    :raises NotAsked: at some level, more than half of the networks have their best width at an end of the sweep.
    """
    at_an_end = ((places == 0) | (places == len(widths) - 1)).mean(axis=0)
    if (at_an_end > 0.5).any():
        shares = ", ".join(f"{share:.0%}" for share in at_an_end)
        raise NotAsked(
            f"the best width is the narrowest or the widest of the sweep, {widths[0]} or {widths[-1]}, in {shares} of the "
            f"networks at 0, 40 and 80 % noise, so that the best of all widths may lie beyond it; a wider sweep is required"
        )
