"""C-05: manifolds separate at a margin up to the replica capacity, to within 0.03 at P = 40 and 1.2/P at smaller P.

Gardner 1988 for points; Chung, Lee & Sompolinsky 2018 for segments. The margins are above 0, where no exact law is known (C-14
covers margin 0). P segments have Gaussian centres and axes and random labels in N features. Their largest margin is the
distance of the origin from the hull of their signed points, and is measured without theory. In the limit of many manifolds,
this margin is the one at which the capacity is P/N. The claim compares the capacity at the measured margin with P/N, as a
relative difference, in which the finite size is least visible. The mean of this difference is at most 1.2/P.
"""

import numpy as np
from hypothesis import strategies as st

from empirical.separability import many_margins
from theory.capacity import balls
from verify import Relation, averages, both, claim, given
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import margins

forget_own_dimension = planted(
    "theory.capacity.balls.segment_capacity", lambda right: lambda margin, radius: right(margin, 0.0 * np.asarray(radius))
)
SIZES = (10, 20, 40)
EFFECT = 0.03


# At smaller margins a few manifolds are often not separable at all, and their largest margin is not a number above 0.
@claim("C-05", counterfeit=forget_own_dimension)
@given(examples=12, margin=margins(0.5, 1.5), radius=st.floats(0.0, 2.0).map(lambda radius: round(radius, 3)))
def claim_largest_margin_is_the_replica_margin(margin: float, radius: float) -> Relation:
    return both(*(reaches_the_load(margin, radius, size, EFFECT * SIZES[-1] / size) for size in SIZES))


def reaches_the_load(margin: float, radius: float, n_manifolds: int, effect: float) -> Relation:
    """The relation that the capacity at the measured margin is P/N, for the whole N nearest to P / capacity(margin)."""
    n_features = round(n_manifolds / float(balls.segment_capacity(margin, radius)))

    def loads(n: int, rng: np.random.Generator) -> np.ndarray:
        return balls.segment_capacity(many_margins.random_margins(rng, n, n_manifolds, n_features, radius), radius)

    return averages(n_manifolds / n_features, loads, effect, counted="dichotomies")
