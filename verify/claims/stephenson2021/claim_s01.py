"""S-01: networks learn the unpermuted examples first, and at the turning point they have not begun to memorize.

Stephenson et al. 2021, abstract and the figure of accuracies over epochs. Networks learn half of the unpermuted labels at an
earlier epoch than half of the permuted labels. At the turning point, the epoch of best test accuracy, unpermuted accuracy is
far above permuted accuracy, and permuted accuracy is below twice chance, 2/C. Exactly chance is right by twice the effect.
"""

import numpy as np

from verify import Relation, both, claim, dominates, positive
from verify.counterfeits import swap_groups
from verify.measurements.runs import Runs


@claim("S-01", needs="accuracy", counterfeit=swap_groups("permuted", "unpermuted"), source="abstract")
def claim_unpermuted_examples_are_learned_first(runs: Runs) -> Relation:
    permuted, unpermuted = runs.crossing_epochs("permuted", 0.5), runs.crossing_epochs("unpermuted", 0.5)
    at_best = runs.accuracy("permuted", "turning_point")
    return both(
        positive(np.log2(permuted / unpermuted), effect=1.0, unit="doublings", about="time to learn half"),
        dominates(
            runs.accuracy("unpermuted", "turning_point"), at_best, effect=0.5, unit="accuracy", about="unpermuted over permuted"
        ),
        dominates(
            2 / runs.n_classes, at_best, effect=0.5 / runs.n_classes, unit="accuracy", about="permuted below twice chance"
        ),
    )
