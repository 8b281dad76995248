"""B-04: on a union of low-dimensional balls the rate of the generalization gap does not depend on the ambient dimension.

Liang et al. 2025, as we remember it, where the inputs are on 20 lines in 10 to 500 dimensions. Here they are uniform on five
random lines through the origin, within the unit ball of 5 or of 50 dimensions, and labels are Gaussian noise. Fresh networks of
32 ReLU units, 64 for each dimension and for 48 and 192 inputs, are trained by full-batch gradient descent, 600 steps at the
rate 0.1. The gap and its exponent are those of B-01. The exponents in 5 and in 50 dimensions agree to within 0.1, the effect of
B-01, and the one in 50 dimensions is above 0. Its value is not asserted: the paper's is a bound, for training until the edge of
stability.

Networks of one seed have the same labels and the same places on their lines in both dimensions, which makes the difference less
noisy. The numbers of inputs and the rate are those of B-01. Units, steps and networks were fixed in trials on another seed, by
their time and by the spread of the difference, 0.15 between networks. Five lines span five dimensions at most, and descent
does not leave their span, so that what the ambient dimension changes is the angles between the lines.
"""

from collections.abc import Callable

from verify import Relation, both, claim, equivalent, given, positive
from verify.counterfeits import planted
from verify.strategies import noisy_regressions
from verify.strategies.linear_networks import draws
from verify.strategies.noisy_regressions import Decay

LINES, DIMENSIONS, EFFECT = 5, (5, 50), 0.1
DECAY = Decay(n_networks=64, sizes=(48, 192), n_fresh=1000, width=32, rate=0.1, n_steps=600)


def filled(right: Callable) -> Callable:
    """Balls that fill all dimensions of the space."""
    return lambda n_balls, _, n_dimensions: right(n_balls, n_dimensions, n_dimensions)


@claim(
    "B-04",
    counterfeit=planted("verify.strategies.noisy_regressions.union_of_balls", filled),
    package="torch",
    source="remembered",
)
@given(examples=1, draw=draws)
def claim_the_rate_on_lines_does_not_depend_on_the_ambient_dimension(draw: int) -> Relation:
    worlds = (noisy_regressions.union_of_balls(LINES, 1, n_dimensions) for n_dimensions in DIMENSIONS)
    few, many = (DECAY.exponent(draw, inputs) for inputs in worlds)
    return both(
        equivalent(few, many, EFFECT, "exponent", about="difference of the exponents"),
        positive(many, EFFECT, "exponent", about=f"exponent in {DIMENSIONS[1]} dimensions"),
    )
