"""S-11: in deep layers, the true classes lose capacity while the permuted classes gain it.

Stephenson et al. 2021, the figure of geometry over epochs. From the turning point to the end of training, averaged over the
last third of the hidden layers, the capacity of restored manifolds and of test manifolds falls, and the capacity of permuted
manifolds rises.
"""

import numpy as np

from verify import Relation, both, claim, positive
from verify.counterfeits import swap_groups
from verify.measurements.runs import Runs

# The sign of the claimed change.
CHANGES = {"restored": -1, "test": -1, "permuted": 1}


@claim(
    "S-11",
    needs=("capacity", "accuracy"),
    counterfeit=swap_groups("permuted", "restored", "capacity"),
    source="remembered",
)
def claim_true_classes_lose_what_permuted_ones_gain(runs: Runs) -> Relation:
    changes = {group: sign * change(runs, group) for group, sign in CHANGES.items()}
    return both(
        *(
            positive(
                one, effect=0.05, unit="log capacity", layers=runs.layers[runs.deep],
                about=f"{group} {'gained' if CHANGES[group] > 0 else 'lost'}, deep layers",
            )
            for group, one in changes.items()
        )
    )  # fmt: skip


def change(runs: Runs, group: str) -> np.ndarray:
    """The change of log capacity in the deep layers from the turning point to the end, (networks, layers)."""
    best, end = (np.log(runs.layerwise("capacity", group, when))[:, runs.deep] for when in ("turning_point", "end"))
    return end - best


at_rank_zero = claim_true_classes_lose_what_permuted_ones_gain.measured_by("independent")
by_joint_anchors = claim_true_classes_lose_what_permuted_ones_gain.measured_by("joint")
