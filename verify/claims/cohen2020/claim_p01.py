"""P-01: the published package's own example has the capacity, radius and dimension that its authors print.

Package of Cohen et al. 2020, README: 100 manifolds of 50 independent Gaussian points in 5,000 features, 200 probes, margin 0.
The README prints capacity 0.04, radius 1.47 and dimension 36.17 (P-01.centres covers the centre correlation and K). The claim
measures with frames="published", which keep one dead direction, on fresh clouds, a hundred manifolds at a time; the three
quantities are measured on the same clouds. Without that direction the dimension is 36.24. The claim cannot distinguish 36.24
from 36.17; P-02 and P-03 can.
"""

from collections.abc import Callable
from functools import cache
from operator import itemgetter

import numpy as np
from hypothesis import strategies as st

from theory.geometry import manifolds
from theory.geometry.manifolds import ManifoldGeometry
from verify import Relation, averages, both, claim, given
from verify.counterfeits import planted

SHAPE = (100, 50, 5000)
PRINTED = {"capacity": 0.04, "radius": 1.47, "dimension": 36.17}


def without_ten_points(right: Callable) -> Callable:
    """A measurement that leaves out a fifth of every manifold's points."""
    return lambda clouds, **options: right(clouds[:, :40], **options)


@claim("P-01", counterfeit=planted("theory.geometry.manifolds.manifold_geometry", without_ten_points))
@given(examples=1, shape=st.just(SHAPE))
def claim_the_published_example_is_reproduced(shape: tuple[int, int, int]) -> Relation:
    measured = cache(example)
    displacement, radius, dimension = (
        of(quantity, measured) for quantity in (lambda one: 1 / one["capacity"], itemgetter("radius"), itemgetter("dimension"))
    )
    return both(
        averages(1 / PRINTED["capacity"], displacement, effect=0.02, counted="manifolds", pilot=100),
        averages(PRINTED["radius"], radius, effect=0.02, counted="manifolds", pilot=100),
        averages(PRINTED["dimension"], dimension, effect=0.02, counted="manifolds", pilot=100),
        common=True,
    )


def example(seed: int | list[int]) -> ManifoldGeometry:
    """The geometry of the example, on clouds that are drawn from a seed."""
    rng = np.random.default_rng(seed)
    clouds = rng.standard_normal(SHAPE)
    return manifolds.manifold_geometry(clouds, n_probes=200, seed=int(rng.integers(2**32)), frames="published")


def of(quantity: Callable, measured: Callable[[int], ManifoldGeometry]) -> Callable:
    """A function that samples a quantity of n manifolds, from as many examples as they need."""

    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        seeds = rng.integers(2**62, size=-(-n // SHAPE[0]))
        return np.concatenate([quantity(measured(seed).per_manifold) for seed in seeds.tolist()])[:n]

    return sample
