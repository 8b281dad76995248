"""S-02: with permuted labels, test accuracy peaks and then falls.

Stephenson et al. 2021, the figure of accuracies over epochs. Test accuracy at the turning point, the epoch of best test
accuracy, is above test accuracy at the end of training, when the network has memorized the permuted labels. The turning point
is chosen on one half of the test images, and both accuracies are measured on the other half; both ways to choose are averaged.
"""

from verify import Relation, claim, dominates
from verify.counterfeits import never_forgets
from verify.measurements.runs import Runs


@claim("S-02", needs="accuracy", counterfeit=never_forgets("test"), source="remembered")
def claim_test_accuracy_peaks_and_falls(runs: Runs) -> Relation:
    return dominates(runs.accuracy("test", "turning_point"), runs.accuracy("test", "end"), effect=0.02, unit="accuracy")
