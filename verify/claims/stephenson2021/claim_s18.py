"""S-18: early in training, the minibatch gradients of unpermuted examples are more aligned than those of permuted examples.

Stephenson et al. 2021, the figure of gradients. Alignment is the mean cosine between the gradients of two minibatches of one
group. The claim measures it after the first epoch, averaged over the hidden layers; batch statistics, as in training.
"""

from verify import Relation, claim, dominates
from verify.counterfeits import swap_groups
from verify.measurements.runs import Runs


@claim("S-18", needs="minibatch_alignment", counterfeit=swap_groups("permuted_all", "unpermuted"), source="remembered")
def claim_unpermuted_gradients_are_more_aligned(runs: Runs) -> Relation:
    unpermuted, permuted = (
        runs.layerwise("minibatch_alignment", group, 1, "batch_statistics") for group in ("unpermuted", "permuted_all")
    )
    return dominates(unpermuted, permuted, effect=0.05, unit="cosine", layers=runs.layers)
