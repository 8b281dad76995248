"""A-04.throughout: training depends on fewer real examples than random inputs from its first epoch on.

Arpit et al. 2017, figure 3: the curve of real data is above that of random data throughout training. The Gini coefficients of
A-04 are compared after one, two, five and ten epochs. Before the first epoch has ended, the examples not used yet make both
equally high, so that the first epoch is where the paper's curves can first be compared.
"""

from empirical.evidence.names import RAND_X, REAL
from verify import Relation, both, claim, dominates
from verify.claims.arpit2017.claim_a04 import EFFECT, GINI, LAST, UNIT
from verify.counterfeits import levelled_choice
from verify.measurements.memorization.small_networks import sensitivity
from verify.measurements.runs import Runs

EPOCHS = (1, 2, 5, LAST)


@claim("A-04.throughout", needs=GINI, counterfeit=levelled_choice(GINI, REAL, RAND_X), labels="any", source="figure")
def claim_few_real_examples_matter_throughout(runs: Runs) -> Relation:
    def at(epoch: int) -> Relation:
        real, inputs = (sensitivity(runs, GINI, kind, epoch) for kind in (REAL, RAND_X))
        return dominates(real, inputs, effect=EFFECT, unit=UNIT, about=f"after epoch {epoch}")

    return both(*map(at, EPOCHS))
