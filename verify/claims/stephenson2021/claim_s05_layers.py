"""S-05.layers: until the turning point, every layer learns, and only from the examples that share features.

Stephenson et al. 2021, the figure of geometry over layers and epochs; the strict reading of S-05 is ours. From initialization
to the turning point, the capacity of unpermuted manifolds and of restored manifolds grows in every hidden layer. The capacity
of permuted manifolds stays at the shuffled baseline on the same images in every layer, to within 15 percent.
"""

import numpy as np

from verify import Relation, both, claim, equivalent, positive
from verify.claims.stephenson2021.claim_s05 import NEEDS, learned
from verify.counterfeits import swap_groups
from verify.measurements.runs import Runs


@claim("S-05.layers", needs=NEEDS, counterfeit=swap_groups("permuted", "restored", "capacity"), source="figure")
def claim_every_layer_first_learns_shared_features(runs: Runs) -> Relation:
    permuted, shuffled = (
        np.log(runs.layerwise("capacity", "permuted", "turning_point", choice)).T for choice in ("", "shuffled")
    )
    return both(
        *(
            positive(gain, effect=0.05, unit="log capacity", about=f"gain of {group}, {layer}")
            for group in ("unpermuted", "restored")
            for layer, gain in zip(runs.layers, learned(runs, group).T, strict=True)
        ),
        *(
            equivalent(*pair, effect=0.15, unit="log capacity", about=f"permuted, shuffled, {layer}")
            for layer, *pair in zip(runs.layers, permuted, shuffled, strict=True)
        ),
    )
