"""A-12.critical: the share of critical samples grows strongly while random labels are fitted.

Arpit et al. 2017, figures 7b and 8b; here all labels are random. The critical sample ratio of test images, with the radius of
A-09, is higher at the end of training than at the last measured epoch before half of the labels are fitted, by a fifth of the
images or more.
"""

from verify import Relation, claim, dominates
from verify.counterfeits import backwards
from verify.measurements.memorization.critical_samples import QUANTITY, ratio, ratios
from verify.measurements.runs import Runs


@claim("A-12.critical", needs=(QUANTITY, "accuracy"), labels="permuted", counterfeit=backwards(QUANTITY), source="figure")
def claim_critical_samples_grow_while_labels_are_fitted(runs: Runs) -> Relation:
    before = runs.last_below("permuted", 0.5, ratios(runs))
    return dominates(ratio(runs, "end"), ratio(runs, before), effect=0.2, unit="share of images")
