"""A-01: some real examples are consistently easier than others of their class; random inputs are not.

Arpit et al. 2017, section 3.1 and figure 1. 100 networks are trained for one epoch on the same images, each from its own
initialization and in its own order, and the trainings that misclassify each image are counted. The paper compares the spread of
the counts of all images, which grows as soon as some classes are harder than others. Here the variance is taken within classes
and divided by its exact mean under permutation, over which it is 1 if trainings do not agree on which images are easy. The
dispersion of real images is more than twice that of Gaussian inputs. Images that are their class mean and isotropic noise do
not pass, although their counts spread widely: they do so between classes.
"""

from empirical.evidence.names import RAND_X, REAL
from verify import Relation, claim, exceeds
from verify.counterfeits import levelled_choice
from verify.measurements.memorization.small_networks import counted
from verify.measurements.runs import Runs

DISPERSION = "misclassification_dispersion"


@claim("A-01", needs=DISPERSION, counterfeit=levelled_choice(DISPERSION, REAL, RAND_X), labels="any", source="figure")
def claim_real_examples_differ_in_difficulty(runs: Runs) -> Relation:
    return exceeds(counted(runs, DISPERSION, REAL), 2 * counted(runs, DISPERSION, RAND_X), "above twice that of random inputs")
