"""K-03: correlated centres lower the capacity of spheres, and correlated axes raise it.

Wakhloo, Sussman & Chung 2023. In the theory this is exact: capacity falls along psi = 0 .. 0.95 and rises along lambda = 0 ..
0.95 at every step, whatever r, r0 and D are. The claim also measures, without theory, the features per manifold that 20
segments need, mean n* / P, over ten dichotomies in each of a dozen populations. All stages use the same random numbers. The
features per manifold rise along psi = 0, 0.6, 0.9 and along lambda = 0.9, 0.6, 0.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from empirical.separability import nested_features
from theory.capacity import correlated_spheres
from verify import Relation, both, claim, given, rises, vanishes
from verify.counterfeits import planted
from verify.strategies import correlated
from verify.strategies.correlated import Spheres


def exchanged(right: Callable) -> Callable:
    """A draw whose centres have the correlation that its axes should have, and the reverse."""
    return lambda s, rng: right(s.at(center_correlation=s.axis_correlation, axis_correlation=s.center_correlation), rng)


GRID = np.linspace(0.0, 0.95, 20)
UNIT = Spheres(20, 1, 1.0, 1.0, 0.0, 0.0)
DICHOTOMIES = 10


@claim("K-03", counterfeit=planted("verify.strategies.correlated.vectors", exchanged))
@given(examples=2, spheres=st.integers(1, 20).flatmap(lambda dim: correlated.spheres(20, dim)))
def claim_centre_correlations_cost_and_axis_correlations_give(spheres: Spheres) -> Relation:
    r, r0, dim = spheres.radius, spheres.center_norm, spheres.shape_dim
    along_psi = correlated_spheres.sphere_capacity(0.0, r, r0, GRID, spheres.axis_correlation, dim)
    along_lambda = correlated_spheres.sphere_capacity(0.0, r, r0, spheres.center_correlation, GRID, dim)
    return both(
        ascent([UNIT.at(center_correlation=psi) for psi in (0.0, 0.6, 0.9)]),
        ascent([UNIT.at(axis_correlation=lam) for lam in (0.9, 0.6, 0.0)]),
        vanishes((np.diff(along_psi) >= 0).astype(float)),
        vanishes((np.diff(along_lambda) <= 0).astype(float)),
    )


def ascent(stages: list[Spheres]) -> Relation:
    """The relation that features per manifold rise from stage to stage."""

    def needed(stage: Spheres, seeds: np.ndarray) -> float:
        streams = map(np.random.default_rng, seeds)
        found = nested_features.least_of_draws(lambda: correlated.signed_ends(stage, next(streams)), len(seeds))
        return float(found.mean()) / stage.n_manifolds

    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        populations = rng.integers(2**63, size=(n, DICHOTOMIES))
        return np.array([[needed(stage, seeds) for stage in stages] for seeds in populations])

    return rises(sample, effect=0.05, unit="features/manifold", counted="populations")
