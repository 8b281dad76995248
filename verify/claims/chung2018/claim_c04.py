"""C-04: the anchor of a segment is interior, touching or fully supporting with the probabilities of its cone's faces.

Chung, Lee & Sompolinsky 2018, the regimes of the anchor point, here at margin 0 for segments, with a = arctan(R)/pi. Interior:
the probe already satisfies the constraints, with probability 1/2 - a. Touching: one end touches the margin plane, with
probability 1/2 at every radius. Fully supporting: the whole segment lies in the margin plane, with probability a. The claim
counts regimes on solutions of the inner problem.
"""

import numpy as np

from theory.capacity import conic_volumes
from theory.geometry import anchors
from verify import Relation, both, claim, given, law
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import radii

polar_cone = planted(
    "theory.capacity.conic_volumes.ball_volumes", lambda right: lambda radius, shape_dim: right(radius, shape_dim)[::-1]
)
HELD = 1e-9


@claim("C-04", counterfeit=polar_cone)
@given(radius=radii())
def claim_regimes_have_the_cones_probabilities(radius: float) -> Relation:
    interior, _, supporting = conic_volumes.ball_volumes(radius, 1)
    return both(
        law(interior, lambda n, rng: int(regimes(radius, n, rng)["interior"].sum()), effect=0.05, counted="probes"),
        law(supporting, lambda n, rng: int(regimes(radius, n, rng)["supporting"].sum()), effect=0.05, counted="probes"),
    )


def regimes(radius: float, n: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Which of n probes are interior, and which are fully supporting (V vanishes), (n,) each."""
    segment = np.array([[radius, -radius], [1.0, 1.0]])
    probes = rng.standard_normal((2, n))
    found = anchors.project(segment, probes, 0.0)
    moved_to = probes + _step(found)
    return {"interior": found.displacement == 0, "supporting": np.linalg.norm(moved_to, axis=0) < HELD}


def _step(found: anchors.Projections) -> np.ndarray:
    """V - T: along the anchor, as long as the displacement."""
    return found.anchors / np.linalg.norm(found.anchors, axis=0) * np.sqrt(found.displacement)
