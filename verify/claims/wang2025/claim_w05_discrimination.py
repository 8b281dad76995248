"""W-05.discrimination: class means of a network with ReLU grow apart linearly over its layers, too.

Wang et al. 2025, abstract, as W-05. Discrimination D is that of W-03: 1 minus the largest cosine of two class means, here of
the unpermuted training images at the end of training. It rises from the first hidden layer to the last, and a least-squares
line explains more than 90 % of its variance. The means are not centred, so that the mean that ReLU gives all units counts.

In perceptrons of other seeds on digits, which were looked at first, D fell over the first layers and rose over the last.
"""

import numpy as np

from verify import Relation, both, claim, exceeds, increases
from verify.claims.wang2025.claim_w05 import STRAIGHT
from verify.counterfeits import reverse_depth
from verify.measurements.runs import Runs
from verify.strategies.linear_networks import straightness


@claim(
    "W-05.discrimination",
    needs=("discrimination", "accuracy"),
    counterfeit=reverse_depth("discrimination"),
    labels=("clean", "mixed"),
    source="abstract",
)
def claim_class_means_grow_apart_linearly(runs: Runs) -> Relation:
    found = runs.layerwise("discrimination", "unpermuted", "end")
    straight = np.array([straightness(row) for row in found])
    return both(
        increases(found, effect=0.005, unit="D/layer", about="rise of D"),
        exceeds(straight, STRAIGHT, unit="of the variance", about="D on a line"),
    )
