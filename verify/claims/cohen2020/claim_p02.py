"""P-02: for points without structure, published frames give the published geometry, and reduced frames the exact dimension.

Cohen, Chung, Lee & Sompolinsky 2020, and their package, whose frames keep one direction without extent. The package gives the
dimension D (E cos)^2, with D = M. M orthogonal points have radius 1.4945 and dimension 6.72 at M = 10; 1.4857 and 14.06 at M =
20; 1.4818 and 17.73 at M = 25; 1.4724 and 36.09 at M = 50. Reduced frames leave that direction out and give the exact E[(t .
s^)^2] of theory.capacity.unstructured_points, which is 0.06 to 0.12 more.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from theory.capacity import unstructured_points
from theory.geometry import manifolds
from verify import Relation, averages, both, claim, given
from verify.counterfeits import planted

PUBLISHED = {10: (1.4945, 6.72), 20: (1.4857, 14.06), 25: (1.4818, 17.73), 50: (1.4724, 36.09)}


def without_the_dead_direction(right: Callable) -> Callable:
    """Probe lengths without the direction that has no extent, although the number of axes still counts it."""
    return lambda xp, frames, drawn, rngs: right(xp, frames.__class__(**{**vars(frames), "axes": frames.rank}), drawn, rngs)


@claim("P-02", counterfeit=planted("theory.geometry.anchor_statistics._probe_lengths", without_the_dead_direction))
@given(examples=4, n_points=st.sampled_from(sorted(PUBLISHED)))
def claim_points_without_structure_have_the_published_geometry(n_points: int) -> Relation:
    radius, dimension = PUBLISHED[n_points]
    return both(
        averages(radius, sampled("radius", n_points, "published"), effect=0.01, counted="manifolds", pilot=100),
        averages(dimension, sampled("dimension", n_points, "published"), effect=0.01, counted="manifolds", pilot=100),
        averages(
            unstructured_points.dimension(n_points),
            sampled("dimension", n_points, "reduced"),
            effect=0.01,
            counted="manifolds",
            pilot=100,
        ),
    )


def sampled(quantity: str, n_points: int, frames: str) -> Callable[[int, np.random.Generator], np.ndarray]:
    """A function that samples a quantity of n manifolds of orthogonal points, with 150 probes each.

    With 150 probes the published radius is biased by 1/300.
    """

    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        clouds, seed = np.eye(n_points)[None].repeat(n, axis=0), int(rng.integers(2**32))
        options = {"n_probes": 150, "center_mean": False, "correlations": 0, "frames": frames}
        return manifolds.manifold_geometry(clouds, seed=seed, **options).per_manifold[quantity]

    return sample
