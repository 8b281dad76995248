"""S-12: at the end, deep layers separate permuted images better by their permuted labels than by their true labels.

Stephenson et al. 2021, the figure of geometry over layers, last epoch. Averaged over the last third of the hidden layers,
unpermuted manifolds have the highest log capacity, permuted manifolds come next, and restored manifolds have the lowest.
"""

from itertools import pairwise

import numpy as np

from verify import Relation, both, claim, dominates
from verify.counterfeits import swap_groups
from verify.measurements.runs import Runs

ORDER = ("unpermuted", "permuted", "restored")


@claim(
    "S-12",
    needs=("capacity", "accuracy"),
    counterfeit=swap_groups("permuted", "restored", "capacity"),
    source="remembered",
)
def claim_deep_layers_end_ordered_by_trained_label(runs: Runs) -> Relation:
    logs = {group: np.log(runs.layerwise("capacity", group, "end"))[:, runs.deep] for group in ORDER}
    return both(
        *(
            dominates(
                logs[more], logs[less], effect=0.05, unit="log capacity", about=f"{more} over {less}, deep layers",
                layers=runs.layers[runs.deep],
            )
            for more, less in pairwise(ORDER)
        )
    )  # fmt: skip


at_rank_zero = claim_deep_layers_end_ordered_by_trained_label.measured_by("independent")
by_joint_anchors = claim_deep_layers_end_ordered_by_trained_label.measured_by("joint")
