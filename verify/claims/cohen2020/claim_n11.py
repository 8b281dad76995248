"""N-11: manifolds of shuffled labels have the capacity of points without structure.

Cohen, Chung, Lee & Sompolinsky 2020, the shuffled control. At the end of training, manifolds of M points with shuffled labels
have capacity 2/M to within a tenth, in every hidden layer with enough features to simulate it. The capacity is found by
separating, without theory.
"""

import numpy as np

from verify import Relation, both, claim, negligible
from verify.counterfeits import scaled
from verify.measurements.runs import Runs
from verify.measurements.simulated_capacity import simulated, simulated_layers


@claim(
    "N-11",
    needs=("simulated_capacity", "manifold_points", "accuracy"),
    counterfeit=scaled("simulated_capacity", "permuted", 1.5, "shuffled"),
)
def claim_shuffled_manifolds_have_no_structure(runs: Runs) -> Relation:
    n_points = runs.at(runs.series("manifold_points", "all"), "end")
    found = simulated(runs, "permuted", "shuffled")
    layers = simulated_layers(runs, "permuted", "shuffled")
    return both(
        *(
            negligible(np.log(one * n_points / 2), 0.1, "log capacity", about=layer)
            for layer, one in zip(layers, found.T, strict=True)
        )
    )
