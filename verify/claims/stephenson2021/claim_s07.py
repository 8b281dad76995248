"""S-07: memorization happens in the deep layers.

Stephenson et al. 2021, abstract and the figure of geometry over layers. From the turning point to the end of training,
manifolds of permuted labels gain capacity in every layer of the last third of the hidden layers, and the gain increases with
depth. The claim measures log capacity above the shuffled baseline on the same images.
"""

from verify import Relation, both, claim, increases, positive
from verify.counterfeits import reverse_depth
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs


@claim("S-07", needs=("capacity", "accuracy"), counterfeit=reverse_depth("capacity"))
def claim_permuted_capacity_grows_in_deep_layers(runs: Runs) -> Relation:
    gain = excess(runs, "capacity", "end") - excess(runs, "capacity", "turning_point")
    return both(
        *(positive(layer, effect=0.1, unit="log capacity") for layer in gain[:, runs.deep].T),
        increases(gain, effect=0.02, unit="log capacity/layer"),
    )


at_rank_zero = claim_permuted_capacity_grows_in_deep_layers.measured_by("independent")
by_joint_anchors = claim_permuted_capacity_grows_in_deep_layers.measured_by("joint")
