"""N-10: real manifolds gain capacity when their centres are moved to random directions at the same norm.

Cohen, Chung, Lee & Sompolinsky 2020, their randomization of centres: correlations between centres lower the capacity. Here the
manifolds are ten digits of five images each, in pixels minus their mean. Their capacity is found by separating them: P / (n* -
1/2), with n* averaged over twenty random dichotomies and projections, which are the same before and after.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from verify import Relation, claim, given, rises
from verify.counterfeits import planted
from verify.strategies import digits


def in_two_camps(right: Callable) -> Callable:
    """A randomization whose directions lean towards one of two, so that centres stay correlated."""

    def recentred(clouds, rng):
        moved, size = right(clouds, rng), np.linalg.norm(clouds.mean(1, keepdims=True), axis=2, keepdims=True)
        camps = rng.standard_normal((2, 1, clouds.shape[2]))
        leaning = camps / np.linalg.norm(camps, axis=2, keepdims=True)
        directions = moved.mean(1, keepdims=True) / size + 2 * np.resize(leaning, moved[:, :1].shape)
        centers = size * directions / np.linalg.norm(directions, axis=2, keepdims=True)
        return clouds - clouds.mean(1, keepdims=True) + centers

    return recentred


DICHOTOMIES = 20


@claim("N-10", counterfeit=planted("verify.strategies.digits.recentred", in_two_camps), package="sklearn")
@given(examples=1, n_points=st.just(5))
def claim_random_centres_raise_capacity(n_points: int) -> Relation:
    def capacities(rng: np.random.Generator) -> np.ndarray:
        clouds = digits.pixels(n_points, rng)
        stages = [clouds, digits.recentred(clouds, rng)]
        return len(clouds) / (digits.features_needed(stages, DICHOTOMIES, rng).mean(1) - 0.5)

    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        return np.log([capacities(rng) for _ in range(n)])

    return rises(sample, effect=0.05, unit="log capacity", counted="choices of images")
