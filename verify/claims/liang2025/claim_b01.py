"""B-01: the generalization gap falls faster with the number of examples where more of the inputs lie near the centre of a ball.

Liang et al. 2025, as we remember it. Inputs are x = h(R) U in five dimensions, where U is uniform on the sphere, R uniform
within 0..1, and h(r) = 1 - (1 - r)^(1/a): at a = 0.1 nearly all inputs are near the sphere, and at a = 5 most of them are near
the centre. Labels are Gaussian noise. Sixteen fresh networks of 96 ReLU units for each a, and for 48 and 192 inputs, are
trained by full-batch gradient descent, 1,500 steps at the rate 0.1. The gap is the squared error on fresh labels less that on
the labels trained on. Its exponent is its log ratio over that of the numbers of inputs. The exponent at a = 5 is compared with
that at a = 0.1, network by network. Only the order is asserted: the numbers of the paper are for wider networks that are
trained longer.

Five dimensions and both values of a are the paper's. The numbers of inputs, networks, units and steps are ours, small enough
that all networks are trained in seconds. The rate was chosen in trials on other seeds: at two and four times the rate networks
near the sphere were unstable, and in three of five trials the order was the opposite. Inputs near the centre are small as well;
B-01.scaled leaves their size out.
"""

from verify import Relation, claim, dominates, given
from verify.counterfeits import in_reverse, planted
from verify.strategies.linear_networks import draws
from verify.strategies.noisy_regressions import Decay, ball, mean_norm

CONCENTRATIONS, DIMENSIONS, EFFECT = (0.1, 5.0), 5, 0.1
DECAY = Decay(n_networks=16, sizes=(48, 192), n_fresh=2000, width=96, rate=0.1, n_steps=1500)

exchanged = planted("verify.claims.liang2025.claim_b01.CONCENTRATIONS", in_reverse)


@claim("B-01", counterfeit=exchanged, package="torch", source="remembered")
@given(examples=1, draw=draws)
def claim_mass_at_the_centre_generalizes_faster(draw: int) -> Relation:
    near_the_sphere, near_the_centre = (DECAY.exponent(draw, ball(DIMENSIONS, one)) for one in CONCENTRATIONS)
    return dominates(near_the_centre, near_the_sphere, EFFECT, "exponent")


@claim("B-01.scaled", counterfeit=exchanged, package="torch", source="ours")
@given(examples=1, draw=draws)
def claim_mass_at_the_centre_generalizes_faster_at_equal_norms(draw: int) -> Relation:
    """B-01.scaled: inputs of which more lie near the centre have the faster gap at an equal mean squared norm, too.

    Liang et al. 2025; the question is ours. This is B-01 with all inputs scaled to the mean squared norm that they have at
    a = 5: at a = 0.1 nearly all are near a sphere of radius 0.23 then.
    """
    norm = mean_norm(max(CONCENTRATIONS))
    near_the_sphere, near_the_centre = (DECAY.exponent(draw, ball(DIMENSIONS, one, norm)) for one in CONCENTRATIONS)
    return dominates(near_the_centre, near_the_sphere, EFFECT, "exponent")
