"""S-07: memorization happens in the deep layers.

Stephenson et al. 2021, abstract and the figure of geometry over layers. From the turning point to the end of training,
manifolds of permuted labels gain capacity in the last third of the hidden layers, and the more the later the layer. Log
capacity above the shuffled-label baseline on the same images.
"""

import numpy as np

from verify import both, claim, increases, positive
from verify.counterfeits import reverse_depth
from verify.runs import Runs, When


@claim("S-07", needs=("capacity", "accuracy"), counterfeit=reverse_depth("capacity"))
def claim_permuted_capacity_grows_in_deep_layers(runs: Runs):
    gain = excess(runs, "end") - excess(runs, "turning_point")
    return both(
        *(positive(layer, effect=0.1, unit="log capacity") for layer in gain[:, runs.deep].T),
        increases(gain, effect=0.02, unit="log capacity / layer"),
    )


def excess(runs: Runs, when: When) -> np.ndarray:
    """Log capacity of permuted manifolds above the baseline, (networks, layers)."""
    measured, baseline = (runs.layerwise("capacity", "permuted", when, choice) for choice in ("", "shuffled"))
    return np.log(measured / baseline)
