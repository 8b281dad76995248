"""G-04: measured dimension and radius rise with the generator's dimension and radius, at every step.

Chou et al. 2025, App. B.5 and D.1.1, the recovery protocol without correlations: two manifolds of 200 points on spheres about
Gaussian centres. The dimension goes through D = 2, 4, .. 10 at R = 1, and the radius through R = 0.8, 1.1, .. 2 at D = 4. Here
the points have 300 features, where the paper has 1000. In either case the 400 points span at most 400 dimensions, and with 1000
features the numbers are the same to within their error. One observation is one population at all its stages, with 50 draws of
probe and labels at each stage.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from theory.geometry import glue
from verify import Relation, both, claim, given, rises
from verify.counterfeits import planted
from verify.strategies.populations import Recovery


def exchanged(right: Callable) -> Callable:
    """An effective geometry in which radius and dimension are exchanged."""

    def effective_geometry(clouds, n_draws=100, seed=0, **options):
        found = right(clouds, n_draws, seed, **options)
        return replace(found, radius=found.dimension, dimension=found.radius)

    return effective_geometry


DIMENSIONS = [(dim, 1.0) for dim in (2, 4, 6, 8, 10)]
RADII = [(4, radius) for radius in (0.8, 1.1, 1.4, 1.7, 2.0)]


@claim("G-04", counterfeit=planted("theory.geometry.glue.effective_geometry", exchanged))
@given(examples=1, protocol=st.just(Recovery()))
def claim_dimension_and_radius_are_recovered_in_order(protocol: Recovery) -> Relation:
    return both(
        rises(ladder(protocol, DIMENSIONS, "dimension"), effect=0.5, unit="dimensions"),
        rises(ladder(protocol, RADII, "radius"), effect=0.1, unit="for 0.3 of the generator's radius"),
    )


def ladder(
    protocol: Recovery, stages: list[tuple[int, float]], quantity: str
) -> Callable[[int, np.random.Generator], np.ndarray]:
    """A function that measures a quantity of n fresh populations at every stage, (n, stages)."""

    def measured(shape_dim: int, radius: float, rng: np.random.Generator) -> float:
        clouds = protocol.clouds(shape_dim, radius, rng)
        found = glue.effective_geometry(clouds, protocol.n_draws, int(rng.integers(2**32)))
        return getattr(found, quantity).value

    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        return np.array([[measured(*stage, rng) for stage in stages] for _ in range(n)])

    return sample
