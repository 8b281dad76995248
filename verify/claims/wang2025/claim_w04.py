"""W-04: gradient descent keeps layers balanced, except for a drift that vanishes with its step, and residual gains at eps.

Wang et al. 2025, lemmas on balancedness and on the residual directions. Gradient flow conserves W_l W_l^T - W_{l+1}^T W_{l+1}.
A descent step eta adds eta^2 times a difference of squared gradients, over a time that does not depend on eta, so that the
drift is of order eta. The claim trains twice, the second time at half the step: twice the second drift is the first, except for
order eta^2, for which 5 % are allowed.

Of the d - K residual gains, all except 3 K stay eps, because the gradients never reach beyond 3 K directions of either side.
All except the last K stay eps to within one in a thousand. (In W_L the start itself is unbalanced, and remains so. The K gains
that decay go down to the predicted multiple of eps, to 20 %, because initial rows and class means overlap by some d^(-1/2).)
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from theory.learning import deep_linear_networks
from verify import Relation, approximates, both, claim, given, matches
from verify.counterfeits import planted
from verify.strategies.linear_networks import Classes, draws, scales

if TYPE_CHECKING:
    from empirical.toy_models.linear_networks import Trained


def wrong_sides(right: Callable) -> Callable:
    """Imbalances whose products are taken on the wrong sides."""
    return lambda weights: right([weight.T for weight in weights[:-1]])


EXAMPLES = st.builds(Classes, st.just(2), st.integers(3, 5), st.integers(3, 4), scales(0.2, 0.5), draws)


@claim("W-04", counterfeit=planted("theory.learning.deep_linear_networks.imbalances", wrong_sides), package="torch")
@given(examples=4, world=EXAMPLES)
def claim_layers_stay_balanced(world: Classes) -> Relation:
    fast, slow = world.trained(slowness=2), world.trained(slowness=4)
    gains = np.array([np.linalg.svd(weight, compute_uv=False) for weight in slow.weights[:-1]]) / world.scale
    k = world.n_classes
    return both(
        approximates(drift(fast), 2 * drift(slow), effect=0.05),
        matches(1.0, gains[:, k : -2 * k]),
        approximates(1.0, gains[:, -2 * k : -k], effect=1e-3),
        approximates(deep_linear_networks.decayed_gain(world.depth), np.sqrt((gains[:, -k:] ** 2).mean()), effect=0.2),
    )


def drift(trained: "Trained") -> np.ndarray:
    """The norm by which training has moved each imbalance, (L - 1,)."""
    moved = zip(deep_linear_networks.imbalances(trained.weights), deep_linear_networks.imbalances(trained.start), strict=True)
    return np.array([np.linalg.norm(end - start) for end, start in moved])
