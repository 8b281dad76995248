"""K-02: spheres of one R_eff need the same number of features, whatever their centre norm, radius and correlations.

Wakhloo, Sussman & Chung 2023: capacity depends on r, r0, psi and lambda only through r sqrt(1 - lambda) / (r0 sqrt(1 - psi)).
The claim measures two populations without theory; the second is strongly correlated. Their mean n*, for P = 10 and 30 segments,
differ by at most 1 + D = 2 features, which is the number of directions that all segments of one population share; n*/P differs
by 2/P. It is exact at every P that either population needs at most 2 features more than independent segments of its R_eff. No
exact result says how many fewer features it may need; there, 2 is a claim.
"""

from collections.abc import Callable

import numpy as np

from theory.capacity import correlated_spheres
from verify import Relation, agrees, both, claim, given
from verify.counterfeits import planted
from verify.strategies import correlated
from verify.strategies.correlated import Spheres, features_of_draws


def without_root(right: Callable) -> Callable:
    """R_eff with 1 - lambda and 1 - psi in place of their square roots."""
    return lambda r, r0, psi, lam: right(r, r0, 1 - (1 - psi) ** 2, 1 - (1 - lam) ** 2)


def parameters(spheres: Spheres) -> tuple[float, float, float, float]:
    """r, r0, psi and lambda of spheres."""
    return spheres.radius, spheres.center_norm, spheres.center_correlation, spheres.axis_correlation


@claim("K-02", counterfeit=planted("theory.capacity.correlated_spheres.effective_radius", without_root))
@given(examples=3, one=correlated.spheres(10, 1), other=correlated.spheres(10, 1, 0.4))
def claim_only_the_effective_radius_counts(one: Spheres, other: Spheres) -> Relation:
    target, has = (correlated_spheres.effective_radius(*parameters(spheres)) for spheres in (one, other))
    other = other.at(radius=float(other.radius * target / has))
    return both(*(as_many(one.at(n_manifolds=size), other.at(n_manifolds=size)) for size in (10, 30)))


def as_many(one: Spheres, other: Spheres) -> Relation:
    """The relation that the mean n* of two populations agree."""

    def differences(n: int, rng: np.random.Generator) -> np.ndarray:
        return features_of_draws(one, n, rng) - features_of_draws(other, n, rng)

    return agrees(differences, effect=2.0, unit="features", counted="dichotomies", pilot=100)
