"""S-18: early in training, the minibatch gradients of unpermuted examples are more aligned than those of permuted examples.

Stephenson et al. 2021, the figure of gradients. Alignment is the mean cosine between the gradients of two minibatches of one
group. The claim measures it after the first epoch, in every hidden layer; batch statistics, as in training.
"""

from verify import Relation, both, claim, dominates
from verify.counterfeits import swap_groups
from verify.measurements.runs import Runs


@claim("S-18", needs="minibatch_alignment", counterfeit=swap_groups("permuted_all", "unpermuted"))
def claim_unpermuted_gradients_are_more_aligned(runs: Runs) -> Relation:
    unpermuted, permuted = (
        runs.layerwise("minibatch_alignment", group, 1, "batch_statistics").T for group in ("unpermuted", "permuted_all")
    )
    return both(*(dominates(*pair, effect=0.05, unit="cosine") for pair in zip(unpermuted, permuted, strict=True)))
