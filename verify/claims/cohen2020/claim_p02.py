"""P-02: for points without structure, published frames give the published geometry, and reduced frames the exact dimension.

Cohen, Chung, Lee & Sompolinsky 2020, and their package, whose frames keep one direction without extent. The package gives the
dimension D (E cos)^2, with D = M. M orthogonal points have radius 1.4945 and dimension 6.72 at M = 10; 1.4857 and 14.06 at M =
20; 1.4818 and 17.73 at M = 25; 1.4724 and 36.09 at M = 50. Reduced frames leave that direction out and give the exact E[(t .
s^)^2] of theory.capacity.unstructured_points, which is 0.06 to 0.12 more. All three are measured with the same anchors, because
the kind of the frames does not change them.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from hypothesis import strategies as st

from theory.capacity import unstructured_points
from theory.geometry import anchor_statistics
from theory.geometry.frames import KINDS, frames_of
from theory.geometry.gram_accumulation import grams_of
from verify import Relation, averages, both, claim, given
from verify.counterfeits import planted

AT_A_TIME, PROBES = 50, 150
# The statistics of the manifolds, part by part, for each kind of frames.
Statistics = dict[str, list[anchor_statistics.AnchorStatistics]]
PUBLISHED = {10: (1.4945, 6.72), 20: (1.4857, 14.06), 25: (1.4818, 17.73), 50: (1.4724, 36.09)}


def without_the_dead_direction(right: Callable) -> Callable:
    """Probe lengths without the direction that has no extent, although the number of axes still counts it."""
    return lambda xp, frames, drawn, rngs: right(xp, frames.__class__(**{**vars(frames), "axes": frames.rank}), drawn, rngs)


@claim("P-02", counterfeit=planted("theory.geometry.anchor_statistics._probe_lengths", without_the_dead_direction))
@given(examples=4, n_points=st.sampled_from(sorted(PUBLISHED)))
def claim_points_without_structure_have_the_published_geometry(n_points: int) -> Relation:
    (radius, dimension), exact = PUBLISHED[n_points], unstructured_points.dimension(n_points)
    measured = cache(manifolds_of(n_points))
    return both(
        averages(radius, sampled("published", "radius", measured), effect=0.01, counted="manifolds", pilot=100),
        averages(dimension, sampled("published", "dimension", measured), effect=0.01, counted="manifolds", pilot=100),
        averages(exact, sampled("reduced", "dimension", measured), effect=0.01, counted="manifolds", pilot=100),
        common=True,
    )


def manifolds_of(n_points: int) -> Callable[[int], Statistics]:
    """A function from a seed to the statistics of fifty manifolds of orthogonal points, with 150 probes each, part by part.

    With 150 probes the published radius is biased by 1/300.
    """

    def measured(seed: int) -> Statistics:
        streams, found = np.random.SeedSequence(seed).spawn(AT_A_TIME), {kind: [] for kind in KINDS}
        grams = grams_of(np.eye(n_points)[None].repeat(AT_A_TIME, axis=0), center_mean=False)
        of_kinds = [next(frames_of(grams, kind=kind)).in_parts(PROBES) for kind in KINDS]
        for parts in zip(*of_kinds, strict=True):
            probes = anchor_statistics.probed(parts[0], [streams[i] for i in parts[0].index], 0.0, PROBES)
            for kind, part in zip(KINDS, parts, strict=True):
                found[kind].append(anchor_statistics.statistics(part, probes, kind))
        return found

    return measured


def sampled(
    kind: str, quantity: str, measured: Callable[[int], Statistics]
) -> Callable[[int, np.random.Generator], np.ndarray]:
    """A function that samples a quantity of n manifolds, fifty at a time."""

    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        seeds = rng.integers(2**62, size=-(-n // AT_A_TIME))
        parts = [part for seed in seeds.tolist() for part in measured(seed)[kind]]
        return np.concatenate([getattr(part, quantity) for part in parts])[:n]

    return sample
