"""S-04.null: manifolds of shuffled labels have the geometry of points without structure.

Stephenson et al. 2021 hold permuted manifolds against 2/M, the capacity of M points without structure; the claim for radius and
dimension is ours. At initialization, manifolds of M points with shuffled labels have the capacity, the radius and the dimension
of M orthogonal points, averaged over the hidden layers, to within 10 percent. The comparison is exact where points are
independent and features many; features that are correlated, or fewer than the points, are the ways to fail.
"""

import numpy as np

from theory.capacity import unstructured_points
from verify import Relation, both, claim, negligible
from verify.counterfeits import scaled
from verify.measurements.runs import Runs

QUANTITIES = ("capacity", "radius", "dimension")


@claim(
    "S-04.null",
    needs=(*QUANTITIES, "manifold_points"),
    counterfeit=scaled("capacity", "permuted", 1.5, choice="shuffled"),
    source="ours",
)
def claim_shuffled_manifolds_have_no_structure_at_initialization(runs: Runs) -> Relation:
    n_points = np.rint(runs.initial("manifold_points", "all"))
    return both(
        *(
            negligible(
                np.log(runs.layerwise(name, "permuted", 0, "shuffled") / getattr(unstructured_points, name)(n_points)[:, None]),
                effect=0.1, unit=f"log {name}", about=f"{name}, shuffled", layers=runs.layers,
            )
            for name in QUANTITIES
        )
    )  # fmt: skip


at_rank_zero = claim_shuffled_manifolds_have_no_structure_at_initialization.measured_by("independent")
