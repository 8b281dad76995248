"""S-24: capacity increases with a smaller dimension, a smaller radius and less correlated centres, and decreases otherwise.

Stephenson et al. 2021, Fig. 1C. The claim measures capacity without theory, as manifolds per feature, P / (mean n* - 1/2).
There are three series: eight balls with D = 4, 2, 1; eight balls with R = 2, 1, 1/2; and twelve segments with centre
correlation psi = 0.9, 0.6, 0. Each has ten dichotomies in each of a dozen populations. The replica capacity rises along the
same changes exactly, at every step of finer grids.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from theory.capacity import balls, correlated_spheres
from verify import Relation, both, claim, given, rises, vanishes
from verify.counterfeits import planted
from verify.strategies import correlated
from verify.strategies.balls_and_clouds import radii
from verify.strategies.correlated import Spheres


def inverted(right: Callable) -> Callable:
    """Capacity with R and 1 / R mistaken for each other, as if the radius were measured in the manifold's own units."""
    return lambda margin, radius, dim: right(margin, 1 / np.asarray(radius), dim)


DICHOTOMIES = 10
BALLS = Spheres(8, 2, 1.0, 1.0, 0.0, 0.0)
SEGMENTS = Spheres(12, 1, 1.0, 1.0, 0.0, 0.0)
FALLING = np.linspace(1.0, 0.0, 20)


@claim("S-24", counterfeit=planted("theory.capacity.balls.ball_capacity", inverted), source="figure")
@given(examples=2, radius=radii(), shape_dim=st.integers(1, 30))
def claim_geometry_drives_capacity(radius: float, shape_dim: int) -> Relation:
    along = (
        balls.ball_capacity(0.0, radius, shape_dim + 10 * FALLING),
        balls.ball_capacity(0.0, radius * (0.1 + FALLING), shape_dim),
        correlated_spheres.sphere_capacity(0.0, radius, 1.0, 0.95 * FALLING, 0.0, shape_dim),
    )
    return both(
        rises(ladder([BALLS.at(shape_dim=dim) for dim in (4, 2, 1)]), effect=0.1, unit="log capacity", counted="populations"),
        rises(ladder([BALLS.at(radius=r) for r in (2.0, 1.0, 0.5)]), effect=0.1, unit="log capacity", counted="populations"),
        rises(
            ladder([SEGMENTS.at(center_correlation=psi) for psi in (0.9, 0.6, 0.0)]),
            effect=0.1,
            unit="log capacity",
            counted="populations",
        ),
        *(vanishes((np.diff(capacity) <= 0).astype(float)) for capacity in along),
    )


def ladder(stages: list[Spheres]) -> Callable[[int, np.random.Generator], np.ndarray]:
    """A function that measures the logarithm of capacity of n fresh populations at every stage, (n, stages)."""

    def measured(stage: Spheres, seed: int) -> float:
        needed = correlated.features_of_draws(stage, DICHOTOMIES, np.random.default_rng(seed))
        return np.log(stage.n_manifolds / (needed.mean() - 0.5))

    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        return np.array([[measured(stage, seed) for stage in stages] for seed in rng.integers(2**63, size=n)])

    return sample
