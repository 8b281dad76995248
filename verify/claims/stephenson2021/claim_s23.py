"""S-23: the replica theory predicts the capacity at which manifolds of network features become separable.

Stephenson et al. 2021, figure 1B. At the end of training, the theory without correction for the centres' correlations agrees
with the simulated capacity to within a tenth, for the manifolds of both training groups, in every hidden layer with enough
features to simulate it. The simulated capacity is measured without theory, by separating random dichotomies in random
projections.

The theory is a limit of many manifolds. Without correction it agrees from P = 20 on where centres share nothing, and at no P
where they do: in layers of trained networks it is 5 to 41 percent too high at P = 20, and 59 percent in one layer at P = 100.
By the cavity method it agrees from P = 10 on, and by joint anchors at every P (docs/which-capacity.md).
"""

from verify import Relation, claim
from verify.counterfeits import scaled
from verify.measurements.runs import Runs
from verify.measurements.simulated_capacity import meets_simulation


@claim(
    "S-23",
    needs=("capacity", "simulated_capacity", "accuracy"),
    counterfeit=scaled("capacity", "permuted", 1.5, choice=""),
    geometry="independent",
    source="figure",
)
def claim_the_theorys_capacity_is_the_simulated_one(runs: Runs) -> Relation:
    return meets_simulation(runs, "capacity", effect=0.1)


by_the_cavity_method = claim_the_theorys_capacity_is_the_simulated_one.measured_by("cavity")
by_joint_anchors = claim_the_theorys_capacity_is_the_simulated_one.measured_by("joint")
