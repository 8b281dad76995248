"""A-03: examples under random labels differ in difficulty more than random inputs, and less than real examples.

Arpit et al. 2017, section 3.1 and figure 1. The dispersion of misclassification counts within classes is that of A-01. Random
labels are a permutation of the true ones, so that all classes keep their size: classes of unequal size alone spread the counts.
"""

from empirical.evidence.names import RAND_X, RAND_Y, REAL
from verify import Relation, both, claim, dominates
from verify.claims.arpit2017.claim_a01 import DISPERSION
from verify.counterfeits import levelled_choice
from verify.measurements.memorization.small_networks import counted
from verify.measurements.runs import Runs


@claim("A-03", needs=DISPERSION, counterfeit=levelled_choice(DISPERSION, RAND_Y, RAND_X), labels="any", source="figure")
def claim_random_labels_lie_between(runs: Runs) -> Relation:
    real, inputs, labels = (counted(runs, DISPERSION, kind) for kind in (REAL, RAND_X, RAND_Y))
    unit = "relative to permutations"
    return both(
        dominates(labels, inputs, effect=0.15, unit=unit, about="random labels over random inputs"),
        dominates(real, labels, effect=0.15, unit=unit, about="real over random labels"),
    )
