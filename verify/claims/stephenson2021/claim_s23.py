"""S-23: the replica theory's capacity is the one at which manifolds of network features are found separable.

Stephenson et al. 2021, figure 1B. At the end of training, in every hidden layer with features enough to simulate it, for
manifolds of either training group: the theory without correction for the centres' correlations, to within a tenth of the
simulated capacity. That is measured without theory, by separating random dichotomies in random projections.
"""

from verify import claim
from verify.counterfeits import scaled
from verify.measurements.runs import Runs
from verify.measurements.simulated_capacity import meets_simulation


@claim("S-23", needs=("capacity", "simulated_capacity", "accuracy"), counterfeit=scaled("capacity", "permuted", 1.5, choice=""))
def claim_the_theorys_capacity_is_the_simulated_one(runs: Runs):
    return meets_simulation(runs, "capacity", effect=0.1)
