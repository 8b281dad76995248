"""H-01.limit: averaged over designs, test error at the turning point is that of the Marchenko-Pastur limit, to order 1/d.

Advani, Saxe & Sompolinsky 2020: n, d to infinity at a load n/d. The claim draws finite designs of Gaussian features afresh and
averages their exact curve (H-01) over teachers of norm 1. It reads the curve at the turning point of the limit, at d = 8, 16,
32. The mean differs from the limit by at most 2/d, relatively: linear statistics of a Gaussian spectrum approach their limits
as 1/d.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from theory.learning import linear_learning_curves
from verify import Relation, averages, both, claim, given
from verify.counterfeits import planted
from verify.strategies.linear_networks import scales

no_point_mass = planted(
    "theory.learning.linear_learning_curves.marchenko_pastur",
    lambda right: lambda load, *a, **k: right(max(load, 1 / load), *a, **k),
)
SIZES = (8, 16, 32)
EFFECT = 2.0


@claim("H-01.limit", counterfeit=no_point_mass)
@given(examples=4, load=st.sampled_from([0.5, 0.75, 1.5, 2.0]), noise=scales(0.1, 1.0))
def claim_many_features_have_the_limiting_curve(load: float, noise: float) -> Relation:
    limit = linear_learning_curves.marchenko_pastur(load, 1.0, noise)
    turn = linear_learning_curves.turning_point(limit)
    predicted = float(linear_learning_curves.test_error(limit, turn))
    return both(*(averages(predicted, errors_at(turn, load, noise, d), EFFECT / d, counted="designs") for d in SIZES))


def errors_at(turn: float, load: float, noise: float, n_features: int) -> Callable[[int, np.random.Generator], np.ndarray]:
    """A function that samples test errors of finite designs, (n,).

    An isotropic start and a teacher at 0 stand for a start at 0 and an isotropic teacher.
    """

    def sample(n: int, rng: np.random.Generator) -> np.ndarray:
        designs = rng.standard_normal((n, round(load * n_features), n_features))
        teacher = {"truth": np.zeros(n_features), "start_variance": 1 / n_features}
        return linear_learning_curves.test_error(linear_learning_curves.fixed_design(designs, noise=noise, **teacher), turn)

    return sample
