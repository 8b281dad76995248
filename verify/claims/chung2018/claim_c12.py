"""C-12: manifolds of different shapes separate as the product of their cones predicts, and their 1/capacity averages.

Chung, Lee & Sompolinsky 2018, heterogeneous manifolds. Points, segments and balls of up to three kinds have Gaussian centres
and axes and random labels, at margin 0. At finite size, P(separable in N) = 2 (v_{N-1} + v_{N-3} + ...), where v is the
convolution of the volumes of all their cones. The mean index of v is P over the capacity of the mixture; it is the sum of
1/capacity over manifolds. Separability is measured without theory, by cutting planes, in as many features as are needed on
average, give or take two.
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from empirical.separability import ellipsoids
from theory.capacity import balls, conic_volumes
from verify import Relation, both, claim, given, law, matches
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import Shape, radii

MOST_DIMENSIONS = 3


@dataclass(frozen=True)
class Kind:
    """A number of manifolds of one shape."""

    shape: Shape
    count: int


def kinds() -> st.SearchStrategy[list[Kind]]:
    """Mixtures of two or three kinds."""
    shape = st.builds(Shape, radii(), st.integers(0, MOST_DIMENSIONS))
    return st.lists(st.builds(Kind, shape, st.integers(1, 4)), min_size=2, max_size=3)


all_of_the_first_kind = planted(
    "theory.capacity.conic_volumes.mixture_volumes", lambda right: lambda volumes, counts: right(volumes[:1], [sum(counts)])
)


@claim("C-12", counterfeit=all_of_the_first_kind)
@given(examples=4, mixture=kinds(), offset=st.integers(-2, 2))
def claim_mixtures_separate_as_their_cones_predict(mixture: list[Kind], offset: int) -> Relation:
    own = [conic_volumes.ball_volumes(kind.shape.radius, kind.shape.shape_dim) for kind in mixture]
    volumes = conic_volumes.mixture_volumes(own, [kind.count for kind in mixture])
    n_features = max(1, round(conic_volumes.transition(volumes)[0]) + offset)
    predicted = conic_volumes.separable_probability(volumes, 1, n_features)

    def separated(n: int, rng: np.random.Generator) -> int:
        return int(ellipsoids.separable_draws(rng, radii_of(mixture), n_features, n).sum())

    average = sum(kind.count / capacity(kind.shape) for kind in mixture)
    return both(law(predicted, separated, effect=0.05), matches(conic_volumes.statistical_dimension(volumes), average))


def capacity(shape: Shape) -> float:
    """The replica capacity of a shape at margin 0."""
    return balls.ball_capacity(0.0, shape.radius, shape.shape_dim) if shape.shape_dim else 2.0


def radii_of(mixture: list[Kind]) -> np.ndarray:
    """The radius of every manifold along every axis, 0 along axes that it does not have, (P, D)."""
    rows = [[kind.shape.radius * (axis < kind.shape.shape_dim) for axis in range(MOST_DIMENSIONS)] for kind in mixture]
    return np.repeat(rows, [kind.count for kind in mixture], axis=0)
