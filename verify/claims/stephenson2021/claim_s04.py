"""S-04: at initialization all groups have the same geometry, and permuted manifolds that of the shuffled baseline.

Stephenson et al. 2021, the figure of geometry over layers, first epoch; the shuffled baseline is ours. The manifolds of
unpermuted, restored and test images have the same capacity, because they differ only in sampling. The manifolds of permuted
labels have the capacity of shuffled labels on the same images. Each comparison is of log capacity, averaged over the hidden
layers, to within 10 percent.
"""

import numpy as np

from verify import Relation, both, claim, equivalent
from verify.counterfeits import scaled
from verify.measurements.runs import Runs


@claim("S-04", needs="capacity", counterfeit=scaled("capacity", "permuted", 1.5, choice=""), source="figure")
def claim_initial_geometry_knows_no_permutation(runs: Runs) -> Relation:
    unpermuted, restored, test, permuted, shuffled = (
        np.log(runs.layerwise("capacity", group, 0, choice))
        for group, choice in (
            ("unpermuted", ""), ("restored", ""), ("test", ""), ("permuted", ""), ("permuted", "shuffled"),
        )
    )  # fmt: skip
    pairs = {
        "unpermuted, restored": (unpermuted, restored),
        "unpermuted, test": (unpermuted, test),
        "permuted, shuffled": (permuted, shuffled),
    }
    return both(
        *(equivalent(*pair, effect=0.1, unit="log capacity", about=about, layers=runs.layers) for about, pair in pairs.items())
    )


at_rank_zero = claim_initial_geometry_knows_no_permutation.measured_by("independent")
by_joint_anchors = claim_initial_geometry_knows_no_permutation.measured_by("joint")
