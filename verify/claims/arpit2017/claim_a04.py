"""A-04: training depends on few real examples, and on random inputs more evenly.

Arpit et al. 2017, section 3.2 and figure 3, left. The loss sensitivity to an example is the l1 norm of the derivative of the
training loss with respect to the example, through the SGD steps that used it. The Gini coefficient of the sensitivities,
averaged over steps from the end of the first epoch to 500 steps, is higher for real images than for Gaussian inputs. The
setting is the paper's, 1000 images of 14 x 14 pixels and a 16-16 network; batches are of 20 images, at learning rate 0.1.
"""

from empirical.evidence.names import RAND_X, REAL
from verify import Relation, claim, dominates
from verify.counterfeits import levelled_choice
from verify.measurements.memorization.small_networks import sensitivity
from verify.measurements.runs import Runs

GINI, LAST = "sensitivity_gini", 10
EFFECT, UNIT = 0.05, "Gini coefficient"


@claim("A-04", needs=GINI, counterfeit=levelled_choice(GINI, REAL, RAND_X), labels="any", source="figure")
def claim_few_real_examples_matter(runs: Runs) -> Relation:
    real, inputs = (sensitivity(runs, GINI, kind, LAST) for kind in (REAL, RAND_X))
    return dominates(real, inputs, effect=EFFECT, unit=UNIT)
