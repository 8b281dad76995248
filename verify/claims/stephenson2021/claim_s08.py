"""S-08: memorization increases abruptly with depth.

Stephenson et al. 2021, introduction. At the end of training, log capacity of permuted manifolds above the shuffled baseline
rises more steeply through the last third of the hidden layers than through the first third. The claim compares the
least-squares slopes per layer.
"""

from verify import Relation, claim, dominates
from verify.counterfeits import gradual
from verify.judging.relations import slope
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs


@claim("S-08", needs=("capacity", "accuracy"), counterfeit=gradual("capacity", "permuted"))
def claim_memorization_is_abrupt_in_depth(runs: Runs) -> Relation:
    profile = excess(runs, "capacity", "end")
    return dominates(slope(profile[:, runs.deep]), slope(profile[:, runs.early]), effect=0.05, unit="log capacity/layer")


at_rank_zero = claim_memorization_is_abrupt_in_depth.measured_by("independent")
by_joint_anchors = claim_memorization_is_abrupt_in_depth.measured_by("joint")
