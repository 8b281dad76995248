"""S-05: until the turning point, layers learn preferentially from the examples that share features.

Stephenson et al. 2021, abstract and the figure of geometry over layers and epochs. From initialization to the turning point,
the capacity of unpermuted manifolds, and that of restored manifolds (permuted images under their true labels), grow more than
the capacity of permuted manifolds. The claim compares gains of log capacity, averaged over the hidden layers.
"""

import numpy as np

from verify import Relation, both, claim, dominates
from verify.counterfeits import swap_groups
from verify.measurements.runs import Runs

NEEDS = ("capacity", "accuracy")


@claim("S-05", needs=NEEDS, counterfeit=swap_groups("permuted", "restored", "capacity"), source="abstract")
def claim_layers_learn_preferentially_what_is_shared(runs: Runs) -> Relation:
    gain = {group: learned(runs, group) for group in ("unpermuted", "restored", "permuted")}
    return both(
        *(
            dominates(
                gain[group], gain["permuted"], effect=0.1, unit="log capacity", about=f"gain of {group}", layers=runs.layers
            )
            for group in ("unpermuted", "restored")
        )
    )


def learned(runs: Runs, group: str) -> np.ndarray:
    """The gain of log capacity from initialization to the turning point, (networks, layers)."""
    initial, best = (np.log(runs.layerwise("capacity", group, when)) for when in (0, "turning_point"))
    return best - initial


at_rank_zero = claim_layers_learn_preferentially_what_is_shared.measured_by("independent")
by_joint_anchors = claim_layers_learn_preferentially_what_is_shared.measured_by("joint")
