"""C-10: M orthogonal points have the exact capacity, radius and dimension of points without structure, at every finite M.

Chung, Lee & Sompolinsky 2018, the definitions of capacity, radius and dimension. theory.capacity.unstructured_points gives the
values for M orthogonal points: capacity 2/M, and the exact radius and dimension, which go to sqrt(pi - 1) and pi M / (2 (pi -
1)). The claim projects probes on the frame of M orthogonal points with the solver. The mean displacement must be M/2, the mean
square of the anchor's offset R_M^2, and the mean square of the probe along that offset D_M. A probe that is not moved counts
too, with its touching point.
"""

import numpy as np
from hypothesis import strategies as st

from theory.capacity import unstructured_points
from theory.geometry import anchors, frames, gram_accumulation
from verify import Relation, averages, both, claim, given
from verify.counterfeits import planted

limit_everywhere = planted(
    "theory.capacity.unstructured_points.radius", lambda right: lambda n_points: unstructured_points.LIMITING_RADIUS
)


@claim("C-10", counterfeit=limit_everywhere)
@given(examples=10, n_points=st.integers(3, 40))
def claim_orthogonal_points_have_the_null_geometry(n_points: int) -> Relation:
    (frame,) = frames.frames_of(gram_accumulation.grams_of([np.eye(n_points)], center_mean=False))
    coordinates = frame.coordinates()

    def measured(quantity):
        def sample(n: int, rng: np.random.Generator) -> np.ndarray:
            probes = rng.standard_normal((n_points, n))
            return quantity(anchors.project(coordinates, probes), probes[:-1])

        return sample

    return both(
        averages(float(1 / unstructured_points.capacity(n_points)), measured(lambda found, _: found.displacement), effect=0.03),
        averages(
            float(unstructured_points.radius(n_points)) ** 2, measured(lambda found, _: squared_offset(found)), effect=0.03
        ),
        averages(unstructured_points.dimension(n_points), measured(squared_component), effect=0.03),
    )


def squared_offset(found: anchors.Projections) -> np.ndarray:
    """||s||^2, (n,): the anchor about the mean anchor, which by symmetry is the centre."""
    return (found.anchors[:-1] ** 2).sum(0)


def squared_component(found: anchors.Projections, probes: np.ndarray) -> np.ndarray:
    """(t . s^)^2, (n,): the probe along the anchor's direction."""
    return (found.anchors[:-1] * probes).sum(0) ** 2 / squared_offset(found)
