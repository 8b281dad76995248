"""S-03: networks first recognize permuted images by their true label, and later by the label they were trained on.

Stephenson et al. 2021, the figure of accuracies and the two-dimensional pictures of the outputs. Restored accuracy, which is
the accuracy of permuted images against their true label, rises from initialization to the turning point and falls from there to
the end. Permuted accuracy is the accuracy of the permuted images against the trained label. At the turning point restored
accuracy is above permuted accuracy, and at the end it is below.
"""

from verify import Relation, both, claim, dominates
from verify.counterfeits import never_forgets
from verify.measurements.runs import Runs


@claim("S-03", needs="accuracy", counterfeit=never_forgets("restored"), source="figure")
def claim_true_labels_come_first_and_are_lost(runs: Runs) -> Relation:
    initial, best, end = (runs.accuracy("restored", when) for when in (0, "turning_point", "end"))
    return both(
        dominates(best, end, effect=0.1, unit="accuracy", about="restored falls"),
        dominates(best, initial, effect=0.1, unit="accuracy", about="restored rises"),
        dominates(best, runs.accuracy("permuted", "turning_point"), effect=0.1, unit="accuracy", about="restored first"),
        dominates(runs.accuracy("permuted", "end"), end, effect=0.1, unit="accuracy", about="permuted last"),
    )
