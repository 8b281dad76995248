"""A-05.time: after equally many steps, real classes depend on each other more than classes of random inputs.

Arpit et al. 2017, figure 4, as it stands: it compares the matrices of A-05 after one training time. The ratios are compared
after 500 steps, when real images are nearly fitted and Gaussian inputs are not.
"""

from empirical.evidence.names import RAND_X, REAL
from verify import Relation, claim, dominates
from verify.claims.arpit2017.claim_a04 import LAST
from verify.claims.arpit2017.claim_a05 import EFFECT, RATIO, UNIT
from verify.counterfeits import levelled_choice
from verify.measurements.memorization.small_networks import sensitivity
from verify.measurements.runs import Runs


@claim("A-05.time", needs=RATIO, counterfeit=levelled_choice(RATIO, REAL, RAND_X), labels="any", source="figure")
def claim_real_classes_depend_on_each_other_after_equal_time(runs: Runs) -> Relation:
    real, inputs = (sensitivity(runs, RATIO, kind, LAST) for kind in (REAL, RAND_X))
    return dominates(real, inputs, effect=EFFECT, unit=UNIT)
