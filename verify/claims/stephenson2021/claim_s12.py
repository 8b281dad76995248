"""S-12: at the end, deep layers separate permuted images better by their permuted labels than by their true labels.

Stephenson et al. 2021, the figure of geometry over layers, last epoch. In every layer of the last third, unpermuted manifolds
have the highest capacity, permuted manifolds come next, and restored manifolds have the lowest.
"""

import numpy as np

from verify import Relation, both, claim, dominates
from verify.counterfeits import swap_groups
from verify.measurements.runs import Runs


@claim("S-12", needs=("capacity", "accuracy"), counterfeit=swap_groups("permuted", "restored", "capacity"))
def claim_deep_layers_end_ordered_by_trained_label(runs: Runs) -> Relation:
    unpermuted, permuted, restored = (
        np.log(runs.layerwise("capacity", group, "end"))[:, runs.deep].T for group in ("unpermuted", "permuted", "restored")
    )
    return both(
        *(dominates(*pair, effect=0.05, unit="log capacity") for pair in zip(unpermuted, permuted, strict=True)),
        *(dominates(*pair, effect=0.05, unit="log capacity") for pair in zip(permuted, restored, strict=True)),
    )


at_rank_zero = claim_deep_layers_end_ordered_by_trained_label.measured_by("independent")
by_joint_anchors = claim_deep_layers_end_ordered_by_trained_label.measured_by("joint")
