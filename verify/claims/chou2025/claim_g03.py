"""G-03: the mean squared projection on the joint cone is the mean number of features at which manifolds become separable.

Chou et al. 2025: P / capacity = E[a] is the critical number of features of a random projection. The claim measures without
theory. It takes the first n rows of one Gaussian matrix; n* is the least n at which a random dichotomy is separable (and
remains separable beyond). The conic kinematic formula makes the relation exact for every population: P(n* > n) = 2 (v_{n+1} +
v_{n+3} + ...), where v are the intrinsic volumes of the joint cone, sums to E[n*] = E[a] + 1/2, because odd faces have
probability 1/2. Probes come in opposite pairs of the length sqrt(N), because the length of a Gaussian probe, whose mean square
is N, says nothing about its direction: E[a] is the same, and fewer draws estimate it. The populations are clouds of two to four
points, whose centres may have a part in common. The readout has no threshold; with a threshold, manifolds need one feature
less.
"""

from collections.abc import Callable

import numpy as np

from empirical.separability import points_and_balls
from theory.geometry import joint_anchors
from verify import Relation, agrees, claim, given
from verify.counterfeits import planted
from verify.strategies.correlated import least
from verify.strategies.populations import Population, populations


def with_threshold(right: Callable) -> Callable:
    """A separation whose readout has a threshold, as in the published simulation: every point gains a constant feature."""
    return lambda points, labels: right(np.concatenate([points, np.ones((*points.shape[:-1], 1))], axis=-1), labels)


PROBES = 4


@claim("G-03", counterfeit=planted("empirical.separability.points_and_balls.separate", with_threshold))
@given(examples=4, population=populations(2, 4))
def claim_the_projection_counts_the_features_needed(population: Population) -> Relation:
    def differences(n: int, rng: np.random.Generator) -> np.ndarray:
        return np.array([difference(population, rng) for _ in range(n)]) / population.n_manifolds

    return agrees(differences, effect=0.05, unit="features/manifold", counted="dichotomies")


def difference(population: Population, rng: np.random.Generator) -> float:
    """a, averaged over a few probes, minus n* - 1/2, for one draw of the clouds and one dichotomy."""
    clouds, labels = population.clouds(rng), population.labels(rng)
    projection = rng.standard_normal((population.n_features, population.n_features))
    probes = population.probes(PROBES, rng)
    overlap = joint_anchors.joint_anchors(list(clouds), probes, np.tile(labels, (PROBES, 1))).overlap.mean()
    return overlap - (features_needed(clouds, labels, projection, round(overlap)) - 0.5)


def features_needed(clouds: np.ndarray, labels: np.ndarray, projection: np.ndarray, guess: int) -> int:
    """The least n at which the dichotomy is separable in the projection's first n features, which all together separate it.

    The guess decides how long the search takes, and not its end.
    """
    projected = clouds @ projection.T
    return least(lambda n: points_and_balls.separate(projected[..., :n], labels).separable, len(projection), guess)
