"""S-16: early layers do not fail to memorize for want of gradients.

Stephenson et al. 2021, introduction: the depth of memorization is not explained by vanishing gradients. From the turning point
to the end, the gradient of the permuted examples relative to the weights, ||g|| / ||w||, is in the first third of the hidden
layers no less than a tenth of what it is in the last third (geometric means over layers and epochs; batch statistics, as
training sees it).
"""

from dataclasses import replace

import numpy as np

from verify import claim, positive
from verify.counterfeits import vanishing
from verify.measurements.runs import Runs
from verify.measurements.series import Series


@claim("S-16", needs=("gradient_norm", "weight_norm", "accuracy"), counterfeit=vanishing("gradient_norm", "permuted_all"))
def claim_gradients_of_early_layers_do_not_vanish(runs: Runs):
    relative = np.stack([runs.during_memorization(relative_gradient(runs, layer)) for layer in runs.layers], axis=1)
    early, deep = relative[:, runs.early].mean(axis=1), relative[:, runs.deep].mean(axis=1)
    return positive(early - deep + 1, effect=0.5, unit="log10 above a tenth")


def relative_gradient(runs: Runs, layer: str) -> Series:
    """log10 of the layer's gradient norm over its weights' norm."""
    gradient = runs.series("gradient_norm", "permuted_all", "batch_statistics", layer)
    weights = runs.series("weight_norm", "weights", layer=layer)
    return replace(gradient, values=np.log10(gradient.values / weights.values))
