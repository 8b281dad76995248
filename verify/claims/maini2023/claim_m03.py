"""M-03: the layer whose rewinding forgets the most memorized examples is not among the last layers.

Maini et al. 2023 (Can neural network memorization be localized?), their own protocol: each layer of the final network is
replaced by its checkpoints of the first epochs, and the network is evaluated on the training images whose labels are noise. Our
checkpoints are the measured epochs up to the turning point; accuracy on permuted labels is averaged over them. The costliest
layer before the last third of the hidden layers costs more than the costliest layer among the last third and the readout.
"""

import numpy as np

from verify import Relation, claim, dominates
from verify.counterfeits import nothing_rewound
from verify.measurements.rewinding import QUANTITY
from verify.measurements.runs import Runs


@claim("M-03", needs=("rewound_accuracy", "accuracy"), counterfeit=nothing_rewound)
def claim_the_costliest_layer_is_not_among_the_last(runs: Runs) -> Relation:
    kept = np.stack([kept_early(runs, layer) for layer in (*runs.layers, runs.readout)], axis=1)
    before, last = kept[:, : runs.deep.start].min(axis=1), kept[:, runs.deep.start :].min(axis=1)
    return dominates(last, before, effect=0.05, unit="accuracy")


def kept_early(runs: Runs, layer: str) -> np.ndarray:
    """Permuted accuracy with one layer rewound alone, averaged over measured epochs up to the turning point, (networks,)."""
    runs.accuracy("permuted", "end")
    series = runs.series(QUANTITY, "permuted", "single", layer)
    early = series.epochs <= runs.turning_points()[:, None]
    return series.complete(np.nanmean(np.where(early, series.values, np.nan), axis=1))
