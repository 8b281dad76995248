"""OWN-02: networks that memorize go on recognizing permuted images by their true labels.

Our own sentence, which our networks refute. The claim compares the end of training with the turning point of test accuracy.
"""

from geomem import Relation, claim, equivalent
from verify.counterfeits import scaled
from verify.measurements.runs import Runs


@claim("OWN-02", needs="accuracy", counterfeit=scaled("accuracy", "restored", 2.0), source="ours")
def claim_true_labels_are_kept(runs: Runs) -> Relation:
    return equivalent(
        runs.accuracy("restored", "end"), runs.accuracy("restored", "turning_point"), effect=0.05, unit="accuracy"
    )
