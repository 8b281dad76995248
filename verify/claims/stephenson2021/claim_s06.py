"""S-06: early layers ignore the permuted labels until the end of training.

Stephenson et al. 2021, abstract and the figure of geometry over layers. The claim is about the first third of the hidden
layers, averaged, at the end of training. Permuted manifolds have the capacity of the shuffled baseline on the same images, and
restored manifolds have the capacity of unpermuted manifolds, both to within 15 percent.
"""

import numpy as np

from verify import Relation, both, claim, equivalent
from verify.counterfeits import scaled
from verify.measurements.runs import Runs


@claim(
    "S-06",
    needs=("capacity", "accuracy"),
    counterfeit=scaled("capacity", "permuted", 1.5, choice=""),
    source="abstract",
)
def claim_early_layers_ignore_permuted_labels(runs: Runs) -> Relation:
    permuted, shuffled, restored, unpermuted = (
        np.log(runs.layerwise("capacity", group, "end", choice))[:, runs.early]
        for group, choice in (("permuted", ""), ("permuted", "shuffled"), ("restored", ""), ("unpermuted", ""))
    )
    layers = runs.layers[runs.early]
    return both(
        equivalent(
            permuted, shuffled, effect=0.15, unit="log capacity", about="early layers: permuted, shuffled", layers=layers
        ),
        equivalent(
            restored, unpermuted, effect=0.15, unit="log capacity", about="early layers: restored, unpermuted", layers=layers
        ),
    )


at_rank_zero = claim_early_layers_ignore_permuted_labels.measured_by("independent")
by_joint_anchors = claim_early_layers_ignore_permuted_labels.measured_by("joint")
