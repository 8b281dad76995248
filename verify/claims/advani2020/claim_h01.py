"""H-01: on noisy labels, the test error of a linear network follows the closed form and turns where the closed form says.

Advani, Saxe & Sompolinsky 2020, the exact learning curve of gradient flow, here for a given design of n examples in d features,
fewer or more than n, averaged over label noise only. The claim measures by gradient descent on 2n sets of labels whose noise
has exactly the specified mean and covariance, so that no chance is left. A step eta delays e^(-lambda t) by the share eta
lambda / 2 of t. At eta = 0.02 / lambda_max, the curve and its turning point (the minimum of a parabola through the three
smallest errors) are right to 2 %. At half the step, the error of the curve is half as large, to within 5 %.
"""

import numpy as np
from hypothesis import strategies as st

from theory.learning import linear_learning_curves
from verify import Relation, approximates, both, claim, given
from verify.counterfeits import planted
from verify.strategies.linear_networks import NoisyLabels, draws, scales

noise_not_shared_out = planted(
    "theory.learning.linear_learning_curves.fixed_design",
    lambda right: lambda x, truth, noise=0.0: right(x, truth, len(x) * noise),
)
EXAMPLES = st.builds(NoisyLabels, st.integers(6, 30), st.integers(5, 15), scales(0.1, 1.0), draws)
STABLE = 0.02


@claim("H-01", counterfeit=noise_not_shared_out, package="torch")
@given(examples=6, world=EXAMPLES)
def claim_the_test_error_turns_where_the_closed_form_says(world: NoisyLabels) -> Relation:
    modes = linear_learning_curves.fixed_design(world.design(), world.truth(), world.noise)
    turn = linear_learning_curves.turning_point(modes)
    step = STABLE / modes.eigenvalue.max()
    n_steps = int(np.ceil(3 * turn / step))
    times = step * np.arange(n_steps + 1)
    predicted = linear_learning_curves.test_error(modes, times)
    fast, slow = world.errors(step, n_steps), world.errors(step / 2, 2 * n_steps)
    return both(
        approximates(predicted, fast, effect=0.02),
        approximates(turn, lowest(times, fast), effect=0.02),
        approximates(np.abs(fast - predicted).max(), 2 * np.abs(slow[::2] - predicted).max(), effect=0.05),
    )


def lowest(times: np.ndarray, errors: np.ndarray) -> float:
    """The time at which the parabola through the smallest error and its neighbours is lowest."""
    index = int(np.clip(errors.argmin(), 1, len(errors) - 2))
    before, least, after = errors[index - 1 : index + 2]
    return times[index] + (times[1] - times[0]) * (before - after) / (2 * (before - 2 * least + after))
