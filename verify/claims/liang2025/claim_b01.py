"""B-01: the generalization gap falls faster with the number of examples where more of the inputs lie near the centre of a ball.

Liang et al. 2025, as we remember it. Inputs are x = h(R) U in five dimensions, where U is uniform on the sphere, R uniform
within 0..1, and h(r) = 1 - (1 - r)^(1/a): at a = 0.1 nearly all inputs are near the sphere, and at a = 5 most of them are near
the centre. Labels are Gaussian noise. Sixteen fresh networks of 96 ReLU units for each a, and for 48 and 192 inputs, are
trained by full-batch gradient descent, 1,500 steps at the rate 0.1. The gap is the squared error on fresh labels less that on
the labels trained on. Its exponent is its log ratio over that of the numbers of inputs. The exponent at a = 5 is compared with
that at a = 0.1, network by network. Only the order is asserted: the numbers of the paper are for wider networks that are
trained longer.
"""

from typing import Any

import numpy as np

from verify import Relation, claim, dominates, given
from verify.counterfeits import planted
from verify.strategies.linear_networks import draws
from verify.strategies.noisy_regressions import NoisyRegression, ball

CONCENTRATIONS, SIZES = (0.1, 5.0), (48, 192)
NETWORKS, DIMENSIONS, FRESH = 16, 5, 2000
WIDTH, RATE, STEPS = 96, 0.1, 1500


def exchanged(concentrations: Any) -> Any:
    """The inputs near the centre in place of those near the sphere, and the other way round."""
    return concentrations[::-1]


@claim(
    "B-01",
    counterfeit=planted("verify.claims.liang2025.claim_b01.CONCENTRATIONS", exchanged),
    package="torch",
    source="remembered",
)
@given(examples=1, draw=draws)
def claim_mass_at_the_centre_generalizes_faster(draw: int) -> Relation:
    seeds = tuple(np.random.default_rng(draw).integers(2**62, size=NETWORKS).tolist())
    near_the_sphere, near_the_centre = (exponent(seeds, concentration) for concentration in CONCENTRATIONS)
    return dominates(near_the_centre, near_the_sphere, 0.1, "exponent")


def exponent(seeds: tuple[int, ...], concentration: float) -> np.ndarray:
    """How fast the gap falls: minus its slope over the number of inputs, both logarithmic, (networks,)."""
    inputs = ball(DIMENSIONS, concentration)
    few, many = (NoisyRegression(seeds, inputs, n, FRESH).fitted(WIDTH, RATE, STEPS).gaps for n in SIZES)
    return np.log(few / many) / np.log(SIZES[1] / SIZES[0])
