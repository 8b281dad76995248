"""W-04: gradient descent leaves layers balanced, but for a drift that vanishes with its step, and residual gains at eps.

Wang et al. 2025, lemmas on balancedness and on the residual directions. Gradient flow conserves W_l W_l^T - W_{l+1}^T W_{l+1};
a step eta of descent adds eta^2 times a difference of squared gradients, over a time that does not depend on eta: the drift is
of order eta. Measured by training twice, the second time at half the step: twice the second drift is the first, but for order
eta^2, of which 5 % are left. Of the d - K residual gains all but 3 K stay eps, as the gradients never reach beyond 3 K
directions of either side, and all but the last K do to within one in a thousand. (In W_L the start itself is unbalanced, and
stays so; the K gains that decay come down to the predicted multiple of eps, to 20 %, as initial rows and class means overlap
by some d^(-1/2).)
"""

import numpy as np
from hypothesis import strategies as st

from theory.learning import deep_linear_networks
from verify import approximates, both, claim, given, matches
from verify.counterfeits import planted
from verify.strategies.linear_networks import Classes, draws, scales


def wrong_sides(right):
    """The products are taken on the other sides."""
    return lambda weights: right([weight.T for weight in weights[:-1]])


WORLDS = st.builds(Classes, st.just(2), st.integers(3, 5), st.integers(3, 4), scales(0.2, 0.5), draws)


@claim("W-04", counterfeit=planted("theory.learning.deep_linear_networks.imbalances", wrong_sides), package="torch")
@given(examples=4, world=WORLDS)
def claim_layers_stay_balanced(world: Classes):
    fast, slow = world.trained(slowness=2), world.trained(slowness=4)
    gains = np.array([np.linalg.svd(weight, compute_uv=False) for weight in slow.weights[:-1]]) / world.scale
    k = world.n_classes
    return both(
        approximates(drift(fast), 2 * drift(slow), effect=0.05),
        matches(1.0, gains[:, k : -2 * k]),
        approximates(1.0, gains[:, -2 * k : -k], effect=1e-3),
        approximates(deep_linear_networks.decayed_gain(world.depth), np.sqrt((gains[:, -k:] ** 2).mean()), effect=0.2),
    )


def drift(trained) -> np.ndarray:
    """How far training has moved each imbalance, (L - 1,)."""
    moved = zip(deep_linear_networks.imbalances(trained.weights), deep_linear_networks.imbalances(trained.start), strict=True)
    return np.array([np.linalg.norm(end - start) for end, start in moved])
