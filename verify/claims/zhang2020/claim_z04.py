"""Z-04: whether deep linear networks return their training image depends on the gain of their initialization.

Zhang et al. 2020, section 3.1: deep fully connected networks approach the constant function. Their text does not say that this
hangs on the initialization. In wide linear networks it is a law with a critical gain of 1
(:mod:`theory.identity.wide_networks`): corr_const = rho / sqrt(rho^2 + g^L (1 - rho^2)). From the shallowest to the deepest
networks of the sweep corr_const, averaged over angles, goes up at gain 1/3, which is torch's own initialization, stays at gain
1, and falls at gain 2.
"""

import numpy as np

from verify import Relation, both, claim, dominates, equivalent
from verify.counterfeits import exchanged
from verify.judging.verdicts import NotAsked
from verify.measurements.identity import by_angle, by_theory, same_images
from verify.measurements.sweeps import Sweep

CRITICAL, ABOVE = "-gain1", "-gain2"
EFFECT = 0.1


@claim(
    "Z-04",
    needs="corr_const",
    sweep="depth",
    labels="images",
    architectures="connected",
    beside=(CRITICAL, ABOVE),
    counterfeit=exchanged(ABOVE),
    source="ours",
)
def claim_the_gain_decides_what_depth_does(sweep: Sweep) -> Relation:
    worlds = same_images(_linear(sweep), sweep.beside(CRITICAL), sweep.beside(ABOVE))
    below, critical, above = (_ends(by_theory(one)) for one in worlds)
    return both(
        dominates(below[:, 1], below[:, 0], EFFECT, "cosine", about="gain 1/3 goes up"),
        equivalent(critical[:, 1], critical[:, 0], EFFECT, "cosine", about="gain 1 stays"),
        dominates(above[:, 0], above[:, 1], EFFECT, "cosine", about="gain 2 falls"),
    )


def _linear(sweep: Sweep) -> Sweep:
    if sweep.runs[0].spec["activation"] != "linear":
        raise NotAsked(f"{sweep.world} has no linear networks, of which the law with the critical gain 1 speaks")
    return sweep


def _ends(sweep: Sweep) -> np.ndarray:
    """corr_const of the shallowest and of the deepest networks, (networks, 2)."""
    return by_angle(sweep, "corr_const").mean(axis=2)[:, [0, -1]]
