"""S-16: vanishing gradients are not the reason why early layers do not memorize.

Stephenson et al. 2021, introduction: vanishing gradients do not explain the depth of memorization. The claim measures the
gradient of the permuted examples relative to the weights, ||g|| / ||w||, from the turning point to the end. In the first third
of the hidden layers it is at least a tenth of its value in the last third (geometric means over layers and epochs; batch
statistics, as in training).
"""

from dataclasses import replace

import numpy as np

from verify import Relation, claim, exceeds
from verify.counterfeits import vanishing
from verify.measurements.runs import Runs
from verify.measurements.series import Series


@claim(
    "S-16",
    needs=("gradient_norm", "weight_norm", "accuracy"),
    counterfeit=vanishing("gradient_norm", "permuted_all"),
    source="text",
)
def claim_gradients_of_early_layers_do_not_vanish(runs: Runs) -> Relation:
    relative = np.stack([runs.during_memorization(relative_gradient(runs, layer)) for layer in runs.layers], axis=1)
    early, deep = relative[:, runs.early].mean(axis=1), relative[:, runs.deep].mean(axis=1)
    return exceeds(early - deep, -1.0, "log10 above a tenth")


def relative_gradient(runs: Runs, layer: str) -> Series:
    """log10 of a layer's gradient norm over the norm of its weights, as a series."""
    gradient = runs.series("gradient_norm", "permuted_all", "batch_statistics", layer)
    weights = runs.series("weight_norm", "weights", layer=layer)
    return replace(gradient, values=np.log10(gradient.values / weights.values))
