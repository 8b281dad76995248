"""A-12: with random labels, test accuracy peaks before training accuracy is high.

Arpit et al. 2017, figures 7b and 8b, where a part of the labels is random. The claim compares two epochs of each network: the
turning point, which is the epoch of best test accuracy, and the interpolated epoch at which accuracy on the labels trained on
reaches nine tenths. The turning point is earlier, by half a doubling of epochs or more. A turning point at the initialization
counts as one at the first epoch. Whether test accuracy falls after its peak is S-02.

Networks whose labels are all random are not asked: their test accuracy stays at chance, and the epoch of its largest value is
chance too.
"""

from dataclasses import replace

import numpy as np

from verify import Relation, claim, positive
from verify.counterfeits import best_at_the_end
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep

HIGH = 0.9
EFFECT, UNIT = 0.5, "doublings of epochs"
no_peak = best_at_the_end("accuracy", "test")


def no_peak_at_any_level(sweep: Sweep) -> Sweep:
    """Sweeps in which test accuracy is best at the last epoch, at every value."""
    return replace(sweep, runs=tuple(map(no_peak, sweep.runs)))


@claim("A-12", needs="accuracy", counterfeit=no_peak, source="figure")
def claim_test_accuracy_peaks_before_labels_are_fitted(runs: Runs) -> Relation:
    return positive(lead(runs), EFFECT, UNIT)


@claim(
    "A-12.levels",
    needs="accuracy",
    sweep="permuted_fraction",
    labels="any",
    counterfeit=no_peak_at_any_level,
    source="figure",
)
def claim_test_accuracy_peaks_early_at_every_level(sweep: Sweep) -> Relation:
    """A-12.levels: with random labels, test accuracy peaks before training accuracy is high, on average over shares of them.

    Arpit et al. 2017, figures 7b and 8b. This is A-12 for each share of permuted labels above none and below all; the verdict
    is on the mean over the shares.
    """
    mixed = [(share, runs) for share, runs in zip(sweep.values, sweep.runs, strict=True) if 0 < share < 1]
    leads = np.stack([lead(runs) for _, runs in mixed], axis=1)
    return positive(leads, EFFECT, UNIT, layers=[f"{share:.0%} random" for share, _ in mixed])


def lead(runs: Runs) -> np.ndarray:
    """How much earlier test accuracy peaks than training accuracy is high, in doublings of epochs, (networks,)."""
    return np.log2(np.maximum(runs.fitting_epochs(HIGH), 1) / np.maximum(runs.turning_points(), 1))
