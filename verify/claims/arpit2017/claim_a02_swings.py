"""A-02.swings: within a class, counts of random inputs vary less than the Binomial law says, because error rates swing.

Against the Binomial law of Arpit et al. 2017, figure 1 (A-02.sentence); the observation is ours. A training that prefers one
class is right about many of its examples at once and wrong about many of the others. The exact mean of the variance within
classes is then below the Binomial law's, by the variance of the error rate over trainings relative to p (1 - p)
(theory/learning/misclassification_counts.py). That share is above 0 for random inputs after one epoch at learning rate 0.01.
"""

from empirical.evidence.names import RAND_X
from verify import Relation, claim, positive
from verify.claims.arpit2017.claim_a02_null import CLASS_RATE, CLASS_SWING
from verify.counterfeits import scaled
from verify.measurements.memorization.small_networks import counted_by_class
from verify.measurements.runs import Runs


def steady(runs: Runs) -> Runs:
    """Runs in which the error rate of each class hardly swings between trainings on random inputs."""
    for label in range(runs.n_classes):
        runs = scaled(CLASS_SWING, "unpermuted", 0.01, choice=f"{RAND_X}/{label}")(runs)
    return runs


@claim("A-02.swings", needs=(CLASS_RATE, CLASS_SWING), counterfeit=steady, labels="any", source="ours")
def claim_error_rates_swing_between_trainings(runs: Runs) -> Relation:
    rates, swings = (counted_by_class(runs, quantity, RAND_X) for quantity in (CLASS_RATE, CLASS_SWING))
    share = swings.mean(axis=1) / (rates * (1 - rates)).mean(axis=1)
    return positive(share, effect=0.05, unit="of the Binomial variance")
