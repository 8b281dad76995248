"""N-08: scaling manifolds about their centres by c > 1 lowers their capacity, and scaling them by c < 1 raises it.

Cohen, Chung, Lee & Sompolinsky 2020, Fig. 10a, c. Here the manifolds are ten digits of five images each, in pixels, at c = 2,
1, 1/2. Their capacity is found by separating them: P / (n* - 1/2), with n* averaged over five random dichotomies and
projections. For each dichotomy the order is exact. A manifold is scaled about a point of its own, here its mean, so that its
hull contains the hull at any smaller c; n* therefore never falls as c grows.
"""

import numpy as np
from hypothesis import strategies as st

from verify import Relation, both, claim, given, rises, vanishes
from verify.counterfeits import planted
from verify.strategies import digits
from verify.strategies.linear_networks import draws

FACTORS = (2.0, 1.0, 0.5)
DICHOTOMIES = 5


@claim(
    "N-08",
    counterfeit=planted("verify.strategies.digits.scaled", lambda right: lambda clouds, factor: factor * clouds),
    package="sklearn",
)
@given(examples=1, n_points=st.just(5), draw=draws)
def claim_larger_manifolds_have_less_capacity(n_points: int, draw: int) -> Relation:
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
