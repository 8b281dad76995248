"""P-03: a direction without extent lowers the dimension of a segment to 8/pi^2 of its value.

Cohen, Chung, Lee & Sompolinsky 2020: the frames of their package keep such a direction. The anchor of a segment lies along its
one axis, and the probe has two. The mean cosine between them is 2/pi, so that D (E cos)^2 = 2 (2/pi)^2 = 0.81 at every radius
and margin. Frames without that direction give 1.
"""

from collections.abc import Callable

import numpy as np

from theory.geometry import manifolds
from verify import Relation, averages, both, claim, given
from verify.claims.cohen2020.claim_p02 import without_the_dead_direction
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import margins, radii


@claim("P-03", counterfeit=planted("theory.geometry.anchor_statistics._probe_lengths", without_the_dead_direction))
@given(examples=4, radius=radii(), margin=margins(-0.5, 1.5))
def claim_a_dead_direction_lowers_a_segments_dimension(radius: float, margin: float) -> Relation:
    return both(
        averages(8 / np.pi**2, sampled(radius, margin, "published"), effect=0.02, counted="manifolds"),
        averages(1.0, sampled(radius, margin, "reduced"), effect=0.02, counted="manifolds"),
    )


def sampled(radius: float, margin: float, frames: str) -> Callable[[int, np.random.Generator], np.ndarray]:
    """A function that samples dimensions of n segments, with 400 probes each.

    The square of a mean cosine is biased by its variance, here 1/2000.
    """

    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        segment = np.array([[1.0, radius, 0.0], [1.0, -radius, 0.0]])
        options = {"n_probes": 400, "seed": int(rng.integers(2**32)), "center_mean": False, "correlations": 0}
        found = manifolds.manifold_geometry(segment[None].repeat(n, axis=0), margin, frames=frames, **options)
        return found.per_manifold["dimension"]

    return sample
