"""S-09: memorization shrinks permuted manifolds in radius and in dimension, in deep layers and not in early layers.

Stephenson et al. 2021, abstract and the figure of geometry over layers. From the turning point to the end of training, radius
and dimension of permuted manifolds fall in every layer of the last third, each relative to the shuffled baseline on the same
images. In the first third neither changes by more than 10 percent.
"""

from verify import Relation, both, claim, negligible, positive
from verify.counterfeits import reverse_depth
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs


@claim("S-09", needs=("radius", "dimension", "accuracy"), counterfeit=reverse_depth("radius", "dimension"))
def claim_radius_and_dimension_shrink_in_deep_layers(runs: Runs) -> Relation:
    shrinkage = [
        excess(runs, quantity, "turning_point") - excess(runs, quantity, "end") for quantity in ("radius", "dimension")
    ]
    return both(
        *(
            positive(layer, effect=0.05, unit=f"log {name}")
            for name, one in zip(("radius", "dimension"), shrinkage, strict=True)
            for layer in one[:, runs.deep].T
        ),
        *(
            negligible(layer, effect=0.1, unit=f"log {name}")
            for name, one in zip(("radius", "dimension"), shrinkage, strict=True)
            for layer in one[:, runs.early].T
        ),
    )


at_rank_zero = claim_radius_and_dimension_shrink_in_deep_layers.measured_by("independent")
by_joint_anchors = claim_radius_and_dimension_shrink_in_deep_layers.measured_by("joint")
