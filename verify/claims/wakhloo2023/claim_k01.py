"""K-01: correlated spheres separate like independent spheres of radius R_eff, to within 1 + D features at every P.

Wakhloo, Sussman & Chung 2023, homogeneous spheres: capacity alpha_B(R_eff), R_eff = r sqrt(1 - lambda) / (r0 sqrt(1 - psi)), at
margin 0. The claim measures the mean least number n* of features without theory, for P = 10, 20, 40 segments and for 10 discs.
Independent spheres need P / alpha_B + 1/2 exactly. The 1 + D directions that correlated spheres share cost at most 1 + D
features (exact, theory.capacity.correlated_spheres). That is the effect, and the claim adds that these directions gain no more
than 1 + D features either. The limit, and the rate 1/P, follow.
"""

from collections.abc import Callable
from functools import partial

from theory.capacity import correlated_spheres
from verify import Relation, averages, both, claim, given
from verify.counterfeits import planted
from verify.strategies import correlated
from verify.strategies.correlated import Spheres


def on_the_wrong_side(right: Callable) -> Callable:
    """A radius that correlated centres shrink, where they should shrink the centre norm that it is divided by."""
    return lambda radius, center_norm, psi, lam: right(radius, center_norm, 0.0 * psi, 1 - (1 - psi) * (1 - lam))


SIZES = (10, 20, 40)


@claim("K-01", counterfeit=planted("theory.capacity.correlated_spheres.effective_radius", on_the_wrong_side))
@given(examples=3, segments=correlated.spheres(10, 1, 0.4), discs=correlated.spheres(10, 2, 0.4))
def claim_correlated_spheres_separate_like_smaller_ones(segments: Spheres, discs: Spheres) -> Relation:
    return both(needs_as_many(discs), *(needs_as_many(segments.at(n_manifolds=size)) for size in SIZES))


def needs_as_many(spheres: Spheres) -> Relation:
    """The relation that the mean n* is that of independent spheres, to within 1 + D features."""
    parameters = spheres.radius, spheres.center_norm, spheres.center_correlation, spheres.axis_correlation
    capacity = correlated_spheres.sphere_capacity(0.0, *parameters, spheres.shape_dim)
    wanted = float(spheres.n_manifolds / capacity) + 0.5
    sample = partial(correlated.features_of_draws, spheres)
    return averages(wanted, sample, (1 + spheres.shape_dim) / wanted, counted="dichotomies", pilot=200)
