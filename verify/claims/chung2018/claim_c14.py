"""C-14: manifolds separate with exactly the probability that the intrinsic volumes of their cones give.

Chung, Lee & Sompolinsky 2018, readout at margin 0, here at finite size. P segments or balls with Gaussian centres and axes in N
features are separable with probability 2 (v_{N-1} + v_{N-3} + ...), where v are the intrinsic volumes of the product of their
cones (Amelunxen, Lotz, McCoy & Tropp 2014). The mean index of v is the replica 1/capacity, so that every capacity measured by
this project depends on this law. Separability is measured without theory: for segments by their ends, for balls by cutting
planes.
"""

import numpy as np

from empirical.separability import many_points
from theory.capacity import conic_volumes
from verify import Relation, claim, given, law
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import Balls, many_balls

forget_own_dimension = planted(
    "theory.capacity.conic_volumes.ball_volumes", lambda right: lambda radius, shape_dim: np.array([0.5, 0.5])
)


@claim("C-14", counterfeit=forget_own_dimension)
@given(balls=many_balls(fewest_dimensions=1))
def claim_manifolds_separate_as_their_cones_predict(balls: Balls) -> Relation:
    shape = balls.shape
    volumes = conic_volumes.ball_volumes(shape.radius, shape.shape_dim)
    predicted = conic_volumes.separable_probability(volumes, balls.n_manifolds, balls.n_features)

    def separated(n, rng):
        return many_points.separable_count(rng, n, balls.n_manifolds, balls.n_features, shape.radius, shape.shape_dim)

    return law(predicted, separated, effect=0.05)
