"""Z-07: the larger its kernels, the more a convolutional network returns its training image, and the less it copies.

Zhang et al. 2020, section 4.2: at one depth, larger filters make for memorization. The contrast corr_const - corr_id on unseen
digits rises over the kernels of the sweep, and by the effect or more from the smallest to the largest. So does corr_const above
what copying would score.
"""

from verify import Relation, both, claim, dominates, increases
from verify.counterfeits import like_the_first
from verify.measurements.identity import contrast, excess, without_skip
from verify.measurements.sweeps import Sweep

CORRELATIONS, EFFECT = ("corr_id", "corr_const"), 0.1


@claim(
    "Z-07",
    needs=(*CORRELATIONS, "corr_images"),
    sweep="kernel",
    labels="images",
    architectures="convolutional",
    counterfeit=like_the_first(*CORRELATIONS),
)
def claim_large_kernels_memorize(sweep: Sweep) -> Relation:
    found, above = contrast(without_skip(sweep), "digits"), excess(sweep, "digits")
    return both(
        increases(found, EFFECT / (len(sweep.values) - 1), "cosine per step", about="over the kernels"),
        dominates(found[:, -1], found[:, 0], EFFECT, "cosine", about="largest over smallest"),
        dominates(above[:, -1], above[:, 0], EFFECT, "cosine", about="corr_const, largest over smallest"),
    )
