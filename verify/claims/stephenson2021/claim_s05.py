"""S-05: until the turning point, all layers learn only from the examples that share features.

Stephenson et al. 2021, abstract and the figure of geometry over layers and epochs. From initialization to the turning point,
the capacity of unpermuted manifolds and of restored manifolds (permuted images under their true labels) grows in every hidden
layer. The capacity of permuted manifolds stays at the shuffled baseline on the same images, to within 15 percent.
"""

import numpy as np

from verify import Relation, both, claim, dominates, equivalent
from verify.counterfeits import swap_groups
from verify.measurements.runs import Runs


@claim("S-05", needs=("capacity", "accuracy"), counterfeit=swap_groups("permuted", "restored", "capacity"))
def claim_layers_first_learn_shared_features(runs: Runs) -> Relation:
    initial, best = (
        {group: np.log(runs.layerwise("capacity", group, when)).T for group in ("unpermuted", "restored", "permuted")}
        for when in (0, "turning_point")
    )
    shuffled = np.log(runs.layerwise("capacity", "permuted", "turning_point", "shuffled")).T
    return both(
        *(
            dominates(later, earlier, effect=0.05, unit="log capacity")
            for group in ("unpermuted", "restored")
            for later, earlier in zip(best[group], initial[group], strict=True)
        ),
        *(equivalent(*pair, effect=0.15, unit="log capacity") for pair in zip(best["permuted"], shuffled, strict=True)),
    )


at_rank_zero = claim_layers_first_learn_shared_features.measured_by("independent")
by_joint_anchors = claim_layers_first_learn_shared_features.measured_by("joint")
