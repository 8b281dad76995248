"""S-22: radius and centre correlation of test manifolds are monotone in the width, through the interpolation threshold.

Stephenson et al. 2021, the figure of double descent: the dimension peaks there, and radius and correlation do not. The claim
measures the true classes of test images in the last hidden layer, from the narrowest network to the widest, at the threshold of
S-20 and at the widths that S-20 compares it with. Each step has the direction of the whole change, up or down, or is smaller
than 0.05, in the logarithm of the radius and in the mean absolute cosine of centres. The claim does not say which direction the
whole change has, and reads it off the mean; a curve with a peak or a dip fails in either direction.
"""

import numpy as np

from verify import Relation, both, claim, exceeds
from verify.counterfeits.of_sweeps import peaked
from verify.measurements.sweeps import Sweep

NEEDS = ("radius", "center_correlation", "accuracy")
FLAT = 0.05


@claim("S-22", needs=NEEDS, sweep="width", counterfeit=peaked("radius", "center_correlation", group="test"), source="figure")
def claim_radius_and_correlation_are_monotone_in_width(sweep: Sweep) -> Relation:
    radius = np.log(sweep.at_end("radius", "test", layer=-1))
    correlation = sweep.at_end("center_correlation", "test", layer=-1)
    return both(*monotone(sweep, radius, "log radius"), *monotone(sweep, correlation, "cosine"))


def monotone(sweep: Sweep, values: np.ndarray, unit: str) -> list:
    """The relations that every step has the direction of the whole change; values (networks, widths)."""
    places = sorted({0, *sweep.around_threshold(), len(sweep.values) - 1})
    way = np.sign(values[:, -1].mean() - values[:, 0].mean()) or 1.0
    steps = np.diff(way * values[:, places], axis=1).T
    return [exceeds(step, -FLAT, f"{unit} + {FLAT}") for step in steps]
