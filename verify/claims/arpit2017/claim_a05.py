"""A-05: the loss of a class depends most on its own examples, and on those of other classes more for real data.

Arpit et al. 2017, section 3.2 and figure 4. Entry i, j of the matrix of class sensitivities is the sensitivity, as in A-04, of
the loss on class i to the examples of class j. The mean entry beside the diagonal over the mean entry on it is below 1, and
higher for real images than for Gaussian inputs. Real images are learned many times faster, and the ratio changes as they are:
both are compared at the step at which 70 % of their training images are recognized.
"""

from empirical.evidence.names import RAND_X, REAL
from verify import Relation, both, claim, dominates, exceeds
from verify.counterfeits import levelled_choice
from verify.measurements.memorization.small_networks import sensitivity_at_accuracy
from verify.measurements.runs import Runs

RATIO, LEVEL = "sensitivity_ratio", 0.7
EFFECT, UNIT = 0.05, "other classes over the same class"


@claim(
    "A-05",
    needs=(RATIO, "sensitivity_accuracy"),
    counterfeit=levelled_choice(RATIO, REAL, RAND_X),
    labels="any",
    source="figure",
)
def claim_real_classes_depend_on_each_other(runs: Runs) -> Relation:
    real, inputs = (sensitivity_at_accuracy(runs, RATIO, kind, LEVEL) for kind in (REAL, RAND_X))
    return both(
        exceeds(1.0, real, UNIT, about="real, below 1"),
        exceeds(1.0, inputs, UNIT, about="random inputs, below 1"),
        dominates(real, inputs, effect=EFFECT, unit=UNIT, about="real over random inputs"),
    )
