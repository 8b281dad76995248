"""A-02.null: while hardly any random input is learned, error rates of classes and trainings alone set the spread of counts.

Against the Binomial law of Arpit et al. 2017, figure 1 (A-02.sentence); the prediction is ours
(theory/learning/misclassification_counts.py). If no example is easier than another of its class, the mean variance of the
counts of all examples follows exactly from the error rate of each class and from how it swings between trainings. The measured
variance of random inputs after one epoch at learning rate 0.01 is the predicted one to within 10 %. As in A-02, more than 85 %
of the training images are still misclassified.
"""

import numpy as np

from empirical.evidence.names import RAND_X
from theory.learning.misclassification_counts import binomial_index
from verify import Relation, claim, matches
from verify.claims.arpit2017.claim_a02 import HARDLY_LEARNED
from verify.claims.arpit2017.claim_a02_sentence import INDEX
from verify.counterfeits import scaled
from verify.measurements.memorization.small_networks import counted, counted_by_class, require_errors
from verify.measurements.runs import Runs

CLASS_RATE, CLASS_SWING = "misclassification_class_rate", "misclassification_class_swing"
NEEDS = (INDEX, CLASS_RATE, CLASS_SWING, "misclassification_rate", "trainings", "images_per_class")


@claim("A-02.null", needs=NEEDS, counterfeit=scaled(INDEX, "unpermuted", 1.3, choice=RAND_X), labels="any", source="ours")
def claim_rates_of_classes_explain_the_counts(runs: Runs) -> Relation:
    require_errors(runs, RAND_X, HARDLY_LEARNED)
    rates, swings = (counted_by_class(runs, quantity, RAND_X) for quantity in (CLASS_RATE, CLASS_SWING))
    images, trainings = (counted(runs, quantity, RAND_X).astype(int) for quantity in ("images_per_class", "trainings"))
    predicted = [binomial_index(*each) for each in zip(rates, swings, images, trainings, strict=True)]
    return matches(np.array(predicted), counted(runs, INDEX, RAND_X), effect=0.1)
