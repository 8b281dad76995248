"""S-07: memorization happens predominantly in the deep layers.

Stephenson et al. 2021, abstract and the figure of geometry over layers. The claim measures the gain, from the turning point to
the end of training, of log capacity of permuted manifolds above the shuffled baseline on the same images. Averaged over the
last third of the hidden layers, the gain is positive. It increases with depth. Summed over layers, more than half of it lies in
the last third.
"""

import numpy as np

from verify import Relation, both, claim, exceeds, increases, positive
from verify.counterfeits import reverse_depth
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs


@claim("S-07", needs=("capacity", "accuracy"), counterfeit=reverse_depth("capacity"), source="abstract")
def claim_permuted_capacity_grows_in_deep_layers(runs: Runs) -> Relation:
    gain = excess(runs, "capacity", "end") - excess(runs, "capacity", "turning_point")
    deep, elsewhere = gain[:, runs.deep], np.delete(gain, np.r_[runs.deep], axis=1)
    return both(
        positive(deep, effect=0.1, unit="log capacity", about="gain of deep layers", layers=runs.layers[runs.deep]),
        increases(gain, effect=0.02, unit="log capacity/layer", about="gain per layer"),
        exceeds(deep.sum(axis=1), elsewhere.sum(axis=1), "log capacity", about="gain of deep layers less that of all others"),
    )


at_rank_zero = claim_permuted_capacity_grows_in_deep_layers.measured_by("independent")
by_joint_anchors = claim_permuted_capacity_grows_in_deep_layers.measured_by("joint")
