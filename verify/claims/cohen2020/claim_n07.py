"""N-07: with the directions that centres share removed, the replica theory's capacity is the simulated one.

Cohen, Chung, Lee & Sompolinsky 2020, over layers and kinds of manifolds. At the end of training, in every
hidden layer with features enough to simulate it, for manifolds of either training group: to within 15 percent of the
simulated capacity, which is measured without theory.
"""

from verify import claim
from verify.counterfeits import scaled
from verify.measurements.runs import Runs
from verify.measurements.simulated_capacity import meets_simulation

NEEDS = ("corrected_capacity", "simulated_capacity", "accuracy")


@claim("N-07", needs=NEEDS, counterfeit=scaled("corrected_capacity", "permuted", 1.5, choice=""))
def claim_the_corrected_capacity_is_the_simulated_one(runs: Runs):
    return meets_simulation(runs, "corrected_capacity", effect=0.15)
