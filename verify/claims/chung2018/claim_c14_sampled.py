"""C-14.sampled: clouds and ellipsoids separate with the probability that their cones' sampled intrinsic volumes give.

As C-14 (Chung, Lee & Sompolinsky 2018), for shapes whose cones have no closed form: P equal clouds of points, or ellipsoids,
with Gaussian centres and axes and random labels in N features. A probe projected on the cone of a cloud lands on a face of k
dimensions with probability v_k (for the smooth cone of an ellipsoid see theory/capacity/sampled_conic_volumes.py). Take one
independent probe per manifold: twice the indicator that their face dimensions add up to N - 1 or N - 3 or ... has exactly the
mean P(separable). The claim subtracts this from the indicator that a dichotomy is separable, which is measured without theory.
The mean difference is 0.

The mean face dimension of an ellipsoid is its 1/capacity. The claim checks this by the integral and by how far the inner
problem moves probes (theory/capacity/ellipsoids.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from empirical.separability import ellipsoids as ellipsoid_separability
from empirical.separability import many_points
from theory.capacity import conic_volumes, ellipsoids, sampled_conic_volumes
from verify import Relation, agrees, averages, both, claim, given
from verify.counterfeits import planted
from verify.strategies.balls_and_clouds import Cloud, radii

# Draws of the probability for one dichotomy: with more, the dichotomies' own chance is nearly all there is.
DRAWS = 4


@dataclass(frozen=True)
class Ellipsoid:
    """An L2 ellipsoid; radii in units of the centre norm."""

    radii: tuple[float, ...]

    @property
    def shape_dim(self) -> int:
        """D, the number of axes."""
        return len(self.radii)


def clouds() -> st.SearchStrategy[Cloud]:
    """Clouds of two to eight points in up to three dimensions."""
    return st.builds(Cloud, st.integers(2, 8), st.integers(1, 3), radii(), st.integers(0, 2**16))


def long_ellipsoids() -> st.SearchStrategy[Ellipsoid]:
    """Ellipsoids with an axis several times as long as another axis, so that no ball resembles them."""
    short, long = (st.floats(low, high).map(lambda radius: round(radius, 3)) for low, high in ((0.05, 0.4), (1.0, 5.0)))
    return st.builds(lambda *axes: Ellipsoid((*axes[:2], *axes[2])), short, long, st.lists(radii(), max_size=1).map(tuple))


def face_too_many(right: Callable) -> Callable:
    """Volumes that count every face with one dimension too many."""
    return lambda shape, probes: sampled_conic_volumes.SampledVolumes(np.roll(right(shape, probes).dimensions, 1, axis=1))


@claim("C-14.sampled", counterfeit=planted("theory.capacity.sampled_conic_volumes.cloud_volumes", face_too_many))
@given(examples=4, cloud=clouds(), ellipsoid=long_ellipsoids(), n_manifolds=st.integers(3, 6), offset=st.integers(-1, 1))
def claim_clouds_and_ellipsoids_separate_as_their_cones(
    cloud: Cloud, ellipsoid: Ellipsoid, n_manifolds: int, offset: int
) -> Relation:
    separable_alike = (separates(shape, n_manifolds, offset) for shape in (cloud, ellipsoid))
    return both(*separable_alike, *has_capacity(ellipsoid))


def separates(shape: Cloud | Ellipsoid, n_manifolds: int, offset: int) -> Relation:
    """The relation that dichotomies of P manifolds separate as probes on their cones predict.

    The number of features is near the number that is needed on average.
    """
    needed, _ = conic_volumes.transition(volumes(shape, 400, np.random.default_rng(0)).value, n_manifolds)
    n_features = max(1, round(needed) + offset)

    def differences(n: int, rng: np.random.Generator) -> np.ndarray:
        probed = volumes(shape, n * DRAWS * n_manifolds, rng).dimensions.reshape(n * DRAWS, n_manifolds, -1)
        draws = sampled_conic_volumes.probability_draws(probed, n_features).reshape(n, DRAWS)
        return separable(shape, rng, n_manifolds, n_features, n) - draws.mean(axis=1)

    return agrees(differences, effect=0.1, unit="probability", counted="dichotomies")


def has_capacity(ellipsoid: Ellipsoid) -> tuple[Relation, Relation]:
    """The relations that 1/capacity is the mean face dimension, and the mean squared distance by which probes are moved."""

    def dimensions(n: int, rng: np.random.Generator) -> np.ndarray:
        return volumes(ellipsoid, n, rng).dimensions @ np.arange(ellipsoid.shape_dim + 2)

    def displacements(n: int, rng: np.random.Generator) -> np.ndarray:
        return ellipsoids.project(ellipsoid.radii, rng.standard_normal((ellipsoid.shape_dim + 1, n))).displacement

    predicted = 1 / ellipsoids.ellipsoid_capacity(0.0, ellipsoid.radii).value
    return averages(predicted, dimensions, effect=0.05), averages(predicted, displacements, effect=0.05)


def volumes(shape: Cloud | Ellipsoid, n_probes: int, rng: np.random.Generator) -> sampled_conic_volumes.SampledVolumes:
    """The intrinsic volumes of a shape's cone, sampled with fresh probes."""
    probes = rng.standard_normal((shape.shape_dim + 1, n_probes))
    if isinstance(shape, Cloud):
        return sampled_conic_volumes.cloud_volumes(shape.coordinates(), probes)
    return sampled_conic_volumes.ellipsoid_volumes(shape.radii, probes)


def separable(shape: Cloud | Ellipsoid, rng: np.random.Generator, n_manifolds: int, n_features: int, n: int) -> np.ndarray:
    """Whether a random dichotomy of P freshly drawn manifolds is separable, for n of them, (n,)."""
    if isinstance(shape, Ellipsoid):
        return ellipsoid_separability.separable_draws(rng, np.tile(shape.radii, (n_manifolds, 1)), n_features, n)
    size = n_manifolds, shape.shape_dim + 1, n_features
    drawn = [(rng.standard_normal(size), rng.choice([-1.0, 1.0], n_manifolds)) for _ in range(n)]
    basis, labels = (np.stack(parts) for parts in zip(*drawn, strict=True))
    return many_points.separable(shape.coordinates().T @ basis, labels)
