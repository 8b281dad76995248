"""G-05: with finitely many points, the measured dimension is below the generator's dimension, and more points bring it closer.

Chou et al. 2025, the recovery protocol of App. B.5, at D = 10, R = 1: the anchors of a cloud can only come from its points. The
claim cuts the same clouds off at 50, 100 and 200 points, in 300 features; the last step is from 200 points to D itself. Hence
dimensions should be compared at one number of points, and those above about 4 should be taken as lower bounds.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from theory.geometry import glue
from verify import Relation, claim, given, rises
from verify.counterfeits import planted
from verify.strategies.populations import Recovery


def downsampled(right: Callable) -> Callable:
    """An effective geometry of clouds that are cut down at random to 50 points, however many they have."""

    def effective_geometry(clouds, n_draws=100, seed=0, **options):
        kept = np.random.default_rng([seed, clouds.shape[1]]).choice(clouds.shape[1], 50, replace=False)
        return right(clouds[:, kept], n_draws, seed, **options)

    return effective_geometry


SHAPE_DIM = 10
NUMBERS = (50, 100, 200)


@claim("G-05", counterfeit=planted("theory.geometry.glue.effective_geometry", downsampled))
@given(examples=1, protocol=st.just(Recovery(n_draws=150)))
def claim_the_dimension_falls_short_and_less_so_with_more_points(protocol: Recovery) -> Relation:
    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        return np.array([[*dimensions(protocol, rng), SHAPE_DIM] for _ in range(n)])

    return rises(sample, effect=0.25, unit="dimensions")


def dimensions(protocol: Recovery, rng: np.random.Generator) -> list[float]:
    """The measured dimension of one population at every number of points."""
    clouds, seed = protocol.clouds(SHAPE_DIM, 1.0, rng), int(rng.integers(2**32))
    geometries = [glue.effective_geometry(clouds[:, :number], protocol.n_draws, seed) for number in NUMBERS]
    return [geometry.dimension.value for geometry in geometries]
