"""A-02.sentence: misclassifications of random inputs after one epoch follow one Binomial law.

Arpit et al. 2017, figure 1, as it stands: the counts of all random inputs are those of Binomial(100, p), where p is their mean
error rate. The variance of the counts, divided by 100 p (1 - p), is 1 to within 0.1. The learning rate is 0.03, three times
that of A-02, because the sentence does not say that little may be learned.
"""

from empirical.evidence.names import RAND_X, packed
from verify import Relation, claim, equivalent
from verify.counterfeits import scaled
from verify.measurements.memorization.small_networks import counted
from verify.measurements.runs import Runs

INDEX = "misclassification_index"
FASTER = packed(RAND_X, "rate 0.03")


@claim("A-02.sentence", needs=INDEX, counterfeit=scaled(INDEX, "unpermuted", 1.3, choice=FASTER), labels="any", source="figure")
def claim_counts_of_random_inputs_are_binomial(runs: Runs) -> Relation:
    return equivalent(counted(runs, INDEX, FASTER), 1.0, effect=0.1, unit="relative to the Binomial law")
