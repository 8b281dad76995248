"""C-00: random dichotomies of points are separable with exactly the probability that Cover's theorem gives.

Cover 1965 (Wendel 1962), the counting theorem: P points in general position in N features have random labels, and the readout
passes through the origin. The probability is 2^(1-P) sum_{k<N} C(P-1, k), at every finite P and N. The claim separates Gaussian
points.
"""

from empirical.separability import many_points
from theory.capacity import points
from verify import Relation, claim, given, law
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import Balls, many_balls

p_for_p_minus_one = planted(
    "theory.capacity.points.separable_probability", lambda right: lambda n_points, n_features: right(n_points + 1, n_features)
)


@claim("C-00", counterfeit=p_for_p_minus_one)
@given(balls=many_balls(most_dimensions=0))
def claim_points_separate_as_cover_counted(balls: Balls) -> Relation:
    predicted = float(points.separable_probability(balls.n_manifolds, balls.n_features))

    def separated(n, rng):
        return many_points.separable_count(rng, n, balls.n_manifolds, balls.n_features, 0.0, 0)

    return law(predicted, separated, effect=0.05)
