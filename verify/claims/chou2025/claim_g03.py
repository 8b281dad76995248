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

from empirical.separability import many_points
from theory.geometry import joint_anchors
from verify import Relation, agrees, claim, given
from verify.counterfeits import planted
from verify.strategies.populations import Population, populations


def with_threshold(right: Callable) -> Callable:
    """A separation whose readout has a threshold, as in the published simulation: every point gains a constant feature."""
    return lambda points, labels: right(np.concatenate([np.ones((*points.shape[:-1], 1)), points], axis=-1), labels) - 1


PROBES, TOGETHER = 4, 100


@claim("G-03", counterfeit=planted("empirical.separability.many_points.least_features", with_threshold))
@given(examples=4, population=populations(2, 4))
def claim_the_projection_counts_the_features_needed(population: Population) -> Relation:
    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        sizes = [min(TOGETHER, n - start) for start in range(0, n, TOGETHER)]
        return np.concatenate([differences(population, size, rng) for size in sizes]) / population.n_manifolds

    return agrees(sample, effect=0.05, unit="features/manifold", counted="dichotomies")


def differences(population: Population, n: int, rng: np.random.Generator) -> np.ndarray:
    """a, averaged over a few probes, minus n* - 1/2, for n draws of the clouds and one dichotomy each, (n,)."""
    drawn = [one_draw(population, rng) for _ in range(n)]
    clouds, labels, projections, probes = (np.stack(part) for part in zip(*drawn, strict=True))
    signed = (labels[:, :, None, None] * clouds).reshape(n, -1, population.n_features)
    projected = clouds @ projections.swapaxes(1, 2)[:, None]
    needed = many_points.least_features(projected, labels)
    return joint_anchors.joint_overlaps(signed, probes).mean(1) - (needed - 0.5)


def one_draw(population: Population, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Clouds, (P, M, N); labels, (P,); directions of a projection on as many features, (N, N); and probes, (PROBES, N)."""
    clouds, labels = population.clouds(rng), population.labels(rng)
    return clouds, labels, rng.standard_normal((population.n_features, population.n_features)), population.probes(PROBES, rng)
