"""Y-02: the distance of deep layers from initialization, not that of early layers, correlates with the generalization error.

Wang & Yang 2022 (With greater distance comes worse performance), across label noise. The claim pools all networks trained on
clean labels, on half permuted labels and on permuted labels. It takes the Spearman correlation of a layer's ||w - w(0)|| at the
end with training accuracy minus test accuracy, averaged over the last third of the hidden layers. This correlation is above one
half, and above that of the first third. Intervals come from the jackknife over networks of one number, which have the same
images in all three worlds.
"""

from dataclasses import replace

import numpy as np

from verify import Relation, both, claim, dominates, exceeds
from verify.counterfeits import reverse_depth
from verify.judging.jackknife import pseudo_values
from verify.measurements.pairing import paired
from verify.measurements.rank_correlation import spearman
from verify.measurements.runs import Runs

CLEAN, PERMUTED = "-clean", "-permuted"
QUANTITY = "distance_from_initialization"


def reversed_in_all(runs: Runs) -> Runs:
    """Runs of all three worlds in which the order of the hidden layers is reversed for the distance."""
    reverse = reverse_depth(QUANTITY)
    return replace(reverse(runs), beside=lambda name: reverse(runs.beside(name)))


@claim("Y-02", needs=(QUANTITY, "accuracy"), counterfeit=reversed_in_all, beside=(CLEAN, PERMUTED))
def claim_deep_distance_goes_with_generalization_error(runs: Runs) -> Relation:
    worlds = paired(runs, runs.beside(CLEAN), runs.beside(PERMUTED))
    errors = np.stack([generalization_error(one) for one in worlds])
    distances = np.stack([one.layerwise(QUANTITY, "weights", "end") for one in worlds])

    def correlation(layers: slice):
        def of(kept: np.ndarray) -> float:
            by_layer = distances[:, kept, layers].reshape(len(worlds) * len(kept), -1).T
            return float(np.mean([spearman(layer, errors[:, kept].ravel()) for layer in by_layer]))

        return pseudo_values(of, errors.shape[1])

    deep, early = correlation(runs.deep), correlation(runs.early)
    return both(
        exceeds(deep, 0.5, "rank correlation above 0.5", about="deep"),
        dominates(deep, early, effect=0.2, unit="rank correlation", about="deep over early"),
    )


def generalization_error(runs: Runs) -> np.ndarray:
    """Training accuracy, averaged over the groups trained on, minus test accuracy at the end, (networks,)."""
    return np.mean([runs.accuracy(group, "end") for group in runs.trained_groups], axis=0) - runs.accuracy("test", "end")
