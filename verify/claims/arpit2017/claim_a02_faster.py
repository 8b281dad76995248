"""A-02.faster: an error above 85 % is enough for random inputs to be equally hard, at any learning rate.

Arpit et al. 2017, section 3.1 and figure 1, under the condition of A-02; whether that condition suffices is our question. The
dispersion of A-02 is measured at learning rate 0.03, three times as high, where the networks still misclassify more than 85 %
of their training images after one epoch. It is 1 to within 0.1.
"""

from verify import Relation, claim, equivalent
from verify.claims.arpit2017.claim_a01 import DISPERSION
from verify.claims.arpit2017.claim_a02 import HARDLY_LEARNED
from verify.claims.arpit2017.claim_a02_sentence import FASTER
from verify.counterfeits import scaled
from verify.measurements.memorization.small_networks import counted, require_errors
from verify.measurements.runs import Runs

agreeing = scaled(DISPERSION, "unpermuted", 1.3, choice=FASTER)


@claim("A-02.faster", needs=(DISPERSION, "misclassification_rate"), counterfeit=agreeing, labels="any", source="ours")
def claim_random_inputs_are_exchangeable_at_a_higher_rate(runs: Runs) -> Relation:
    require_errors(runs, FASTER, HARDLY_LEARNED)
    return equivalent(counted(runs, DISPERSION, FASTER), 1.0, effect=0.1, unit="relative to permutations")
