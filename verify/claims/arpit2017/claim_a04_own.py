"""A-04.own: training depends on few real examples even if every example has a class of its own.

Arpit et al. 2017, figure 3, right: there are as many classes as examples, so that labels group no examples. The Gini
coefficients are otherwise those of A-04.
"""

from empirical.evidence.names import OWN_CLASSES, RAND_X, REAL, packed
from verify import Relation, claim, dominates
from verify.claims.arpit2017.claim_a04 import EFFECT, GINI, LAST, UNIT
from verify.counterfeits import levelled_choice
from verify.measurements.memorization.small_networks import sensitivity
from verify.measurements.runs import Runs

OWN_REAL, OWN_INPUTS = (packed(kind, OWN_CLASSES) for kind in (REAL, RAND_X))


@claim("A-04.own", needs=GINI, counterfeit=levelled_choice(GINI, OWN_REAL, OWN_INPUTS), labels="any", source="figure")
def claim_few_real_examples_matter_without_classes(runs: Runs) -> Relation:
    real, inputs = (sensitivity(runs, GINI, choice, LAST) for choice in (OWN_REAL, OWN_INPUTS))
    return dominates(real, inputs, effect=EFFECT, unit=UNIT)
