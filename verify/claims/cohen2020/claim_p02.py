"""P-02: the published code's radius and dimension of M points without structure; without the dead direction, the exact one.

Cohen, Chung, Lee & Sompolinsky 2020, and their package, whose frames keep one direction without extent. Its
dimension D (E cos)^2, with D = M, is 6.72, 14.06, 17.73, 36.09 at M = 10, 20, 25, 50 orthogonal points, its radius
1.4945, 1.4857, 1.4818, 1.4724. Frames without it give the exact E[(t . s^)^2] of theory.capacity.unstructured_points, 0.06 to
0.12 more.
"""

import numpy as np
from hypothesis import strategies as st

from theory.capacity import unstructured_points
from theory.geometry import manifolds
from verify import averages, both, claim, given
from verify.counterfeits import planted

PUBLISHED = {10: (1.4945, 6.72), 20: (1.4857, 14.06), 25: (1.4818, 17.73), 50: (1.4724, 36.09)}


def without_the_dead_direction(right):
    """Probes are as long as in the directions with extent alone, though the number of axes counts the dead one."""
    return lambda xp, frames, drawn, rngs: right(xp, frames.__class__(**{**vars(frames), "axes": frames.rank}), drawn, rngs)


@claim("P-02", counterfeit=planted("theory.geometry.anchor_statistics._probe_lengths", without_the_dead_direction))
@given(examples=4, n_points=st.sampled_from(sorted(PUBLISHED)))
def claim_points_without_structure_have_the_published_geometry(n_points: int):
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


def sampled(quantity: str, n_points: int, frames: str):
    """A quantity of n manifolds of orthogonal points, 150 probes each: the published radius is biased by 1/300 then."""

    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        clouds, seed = np.eye(n_points)[None].repeat(n, axis=0), int(rng.integers(2**32))
        options = {"n_probes": 150, "center_mean": False, "center_rank": 0, "frames": frames}
        return manifolds.manifold_geometry(clouds, seed=seed, **options).per_manifold[quantity]

    return sample
