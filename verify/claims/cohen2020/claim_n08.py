"""N-08: manifolds scaled about their centres by c > 1 have less capacity, by c < 1 more.

Cohen, Chung, Lee & Sompolinsky 2020, Fig. 10a, c. Here ten digits, five images each, in pixels, at c = 2, 1, 1/2, and the
capacity as it is found by separating them: P / (n* - 1/2), n* averaged over five random dichotomies and projections. Dichotomy
by dichotomy it is exact: about a point of its own, here its mean, the hull of a manifold contains that of a smaller c, so that
n* never falls as c grows.
"""

import numpy as np
from hypothesis import strategies as st

from verify import both, claim, given, rises, vanishes
from verify.counterfeits import planted
from verify.strategies import digits

FACTORS = (2.0, 1.0, 0.5)
DICHOTOMIES = 5


@claim(
    "N-08",
    counterfeit=planted("verify.strategies.digits.scaled", lambda right: lambda clouds, factor: factor * clouds),
    package="sklearn",
)
@given(examples=1, n_points=st.just(5), draw=st.integers(0, 2**16))
def claim_larger_manifolds_have_less_capacity(n_points: int, draw: int):
    once = needed(n_points, np.random.default_rng(draw))

    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        found = np.array([needed(n_points, rng).mean(1) for _ in range(n)])
        return np.log(10 / (found - 0.5))

    return both(
        rises(sample, effect=0.1, unit="log capacity", counted="choices of images"),
        vanishes(np.maximum(np.diff(once, axis=0), 0)),
    )


def needed(n_points: int, rng: np.random.Generator) -> np.ndarray:
    """n* of one choice of images, (factors, dichotomies)."""
    clouds = digits.pixels(n_points, rng)
    return digits.features_needed([digits.scaled(clouds, c) for c in FACTORS], DICHOTOMIES, rng)
