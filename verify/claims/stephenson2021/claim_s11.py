"""S-11: in deep layers, the true classes lose capacity while the permuted classes gain it.

Stephenson et al. 2021, the figure of geometry over epochs. From the turning point to the end of training, in every layer of the
last third, the capacity of restored manifolds and of test manifolds falls, and the capacity of permuted manifolds rises.
"""

import numpy as np

from verify import Relation, both, claim, dominates
from verify.counterfeits import swap_groups
from verify.measurements.runs import Runs


@claim("S-11", needs=("capacity", "accuracy"), counterfeit=swap_groups("permuted", "restored", "capacity"))
def claim_true_classes_lose_what_permuted_ones_gain(runs: Runs) -> Relation:
    best, end = (
        {group: np.log(runs.layerwise("capacity", group, when))[:, runs.deep].T for group in ("restored", "test", "permuted")}
        for when in ("turning_point", "end")
    )
    return both(
        *(
            dominates(*pair, effect=0.05, unit="log capacity")
            for group in ("restored", "test")
            for pair in zip(best[group], end[group], strict=True)
        ),
        *(dominates(*pair, effect=0.05, unit="log capacity") for pair in zip(end["permuted"], best["permuted"], strict=True)),
    )


at_rank_zero = claim_true_classes_lose_what_permuted_ones_gain.measured_by("independent")
by_joint_anchors = claim_true_classes_lose_what_permuted_ones_gain.measured_by("joint")
