"""A-02: while hardly any random input is learned, none is easier than another of its class.

Arpit et al. 2017, section 3.1 and figure 1: for random inputs, counts of misclassifications behave as if every example had the
same probability to be misclassified. Under that hypothesis the right and wrong answers of a training may be permuted within a
class, and the dispersion of the counts within classes, as in A-01, is 1. It is 1 to within 0.1 for Gaussian inputs after one
epoch at learning rate 0.01. The claim is about networks that still misclassify more than 85 % of their training images.
"""

from empirical.evidence.names import RAND_X
from verify import Relation, claim, equivalent
from verify.claims.arpit2017.claim_a01 import DISPERSION
from verify.counterfeits import scaled
from verify.measurements.memorization.small_networks import counted, require_errors
from verify.measurements.runs import Runs

HARDLY_LEARNED = 0.85
agreeing = scaled(DISPERSION, "unpermuted", 1.3, choice=RAND_X)


@claim("A-02", needs=(DISPERSION, "misclassification_rate"), counterfeit=agreeing, labels="any", source="figure")
def claim_random_inputs_are_exchangeable(runs: Runs) -> Relation:
    require_errors(runs, RAND_X, HARDLY_LEARNED)
    return equivalent(counted(runs, DISPERSION, RAND_X), 1.0, effect=0.1, unit="relative to permutations")
