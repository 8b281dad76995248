"""S-09: memorization is due to a smaller radius and dimension of permuted manifolds, in deep layers and not in early layers.

Stephenson et al. 2021, abstract and the figure of geometry over layers. From the turning point to the end of training, radius
and dimension of permuted manifolds fall, each relative to the shuffled baseline on the same images and averaged over the last
third of the hidden layers. In the first third neither changes by more than 10 percent. The ball formula gives the change of log
capacity that radius and dimension make alone, with correlations unchanged; in the deep layers this is more than half of the
change measured. The formula begins at dimension 1, and a smaller one counts as 1.
"""

from collections.abc import Sequence

import numpy as np

from theory.capacity.balls import ball_capacity
from verify import Relation, both, claim, exceeds, negligible, positive
from verify.counterfeits import reverse_depth
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs, When

GEOMETRY = ("capacity", "radius", "dimension")


@claim("S-09", needs=(*GEOMETRY, "accuracy"), counterfeit=reverse_depth("radius", "dimension"), source="abstract")
def claim_radius_and_dimension_shrink_in_deep_layers(runs: Runs) -> Relation:
    gain, *falls = (
        sign * (excess(runs, name, "end") - excess(runs, name, "turning_point"))
        for sign, name in zip((1, -1, -1), GEOMETRY, strict=True)
    )
    deep, early = runs.layers[runs.deep], runs.layers[runs.early]
    of_balls = ball_excess(runs, "end", deep) - ball_excess(runs, "turning_point", deep)
    named = list(zip(GEOMETRY[1:], falls, strict=True))
    return both(
        *(
            positive(one[:, runs.deep], effect=0.05, unit=f"log {name}", about=f"{name} lost, deep layers", layers=deep)
            for name, one in named
        ),
        *(
            negligible(one[:, runs.early], effect=0.1, unit=f"log {name}", about=f"{name} lost, early layers", layers=early)
            for name, one in named
        ),
        exceeds(
            of_balls,
            gain[:, runs.deep] / 2,
            "log capacity",
            about="change by radius and dimension above half of the whole, deep layers",
            layers=deep,
        ),
    )


def ball_excess(runs: Runs, when: When, layers: Sequence[str]) -> np.ndarray:
    """Log capacity of balls with the radius and dimension of permuted manifolds, above the baseline's, (networks, layers)."""
    permuted, shuffled = (
        ball_capacity(
            0.0,
            runs.layerwise("radius", "permuted", when, choice, layers),
            np.maximum(runs.layerwise("dimension", "permuted", when, choice, layers), 1.0),
        )
        for choice in ("", "shuffled")
    )
    return np.log(permuted / shuffled)


at_rank_zero = claim_radius_and_dimension_shrink_in_deep_layers.measured_by("independent")
by_joint_anchors = claim_radius_and_dimension_shrink_in_deep_layers.measured_by("joint")
