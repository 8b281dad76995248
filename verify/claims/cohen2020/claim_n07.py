"""N-07: with the directions that centres share removed, the replica theory predicts the simulated capacity.

Cohen, Chung, Lee & Sompolinsky 2020, over layers and kinds of manifolds. At the end of training, the corrected theory agrees
with the simulated capacity to within 15 percent, for the manifolds of both training groups, in every hidden layer with enough
features to simulate it. The simulated capacity is measured without theory.

In layers of trained networks the corrected theory is up to 17 percent too high at P = 20, and 4 percent in one layer at P =
100. In populations whose centres share nothing it is 11 percent too low at P = 100, because the published search removes
directions that are not shared (docs/which-capacity.md). S-23 has the theory without correction, by the cavity method and by
joint anchors.
"""

from verify import Relation, claim
from verify.counterfeits import scaled
from verify.measurements.runs import Runs
from verify.measurements.simulated_capacity import meets_simulation

NEEDS = ("corrected_capacity", "simulated_capacity", "accuracy")


@claim("N-07", needs=NEEDS, counterfeit=scaled("corrected_capacity", "permuted", 1.5, choice=""))
def claim_the_corrected_capacity_is_the_simulated_one(runs: Runs) -> Relation:
    return meets_simulation(runs, "corrected_capacity", effect=0.15)
