"""G-02: points have capacity 2 wherever they lie, as long as there are no more points than features.

Chou et al. 2025, capacity = P / E[a]; Cover 1965. This is exact at every finite P. The cones of the 2^P dichotomies of linearly
independent points fill their span, and a face of k points belongs to 2^(P-k) of these cones. The number of points that a probe
touches is therefore binomial, with half of the points as its mean. Hence E[a] = P/2, whatever the points have in common, but
only on average over labels. Probes come in opposite pairs of the length sqrt(N), as in G-03.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from theory.geometry import joint_anchors
from verify import Relation, averages, claim, given
from verify.counterfeits import planted
from verify.strategies.populations import Population, populations


def spanned(right: Callable) -> Callable:
    """Joint anchors whose overlap is that of the points' span, not of their cone: duals may be negative."""

    def on_the_span(clouds, probes, labels):
        basis = np.linalg.qr(np.concatenate(clouds).T)[0]
        return replace(right(clouds, probes, labels), overlap=((probes @ basis) ** 2).sum(1))

    return on_the_span


DRAWS = 8


@claim("G-02", counterfeit=planted("theory.geometry.joint_anchors.joint_anchors", spanned))
@given(examples=6, population=populations(1, 1))
def claim_points_have_capacity_two(population: Population) -> Relation:
    def overlaps(n: int, rng: np.random.Generator) -> np.ndarray:
        return np.array([mean_overlap(population, rng) for _ in range(n)])

    return averages(population.n_manifolds / 2, overlaps, effect=0.05, counted="populations")


def mean_overlap(population: Population, rng: np.random.Generator) -> float:
    """a of one draw of the points, averaged over a few probes and dichotomies."""
    clouds = list(population.clouds(rng))
    probes, labels = population.probes(DRAWS, rng), np.repeat(population.labels(rng, DRAWS // 2), 2, axis=0)
    return joint_anchors.joint_anchors(clouds, probes, labels).overlap.mean()
