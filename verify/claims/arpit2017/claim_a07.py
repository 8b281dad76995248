"""A-07: wider networks fit their training set sooner, and width helps the more, the more images are noise.

Arpit et al. 2017, figure 6 left: the time to convergence falls with capacity, with stronger diminishing returns for real
data; noise is the share of inputs that are replaced. Here 0, 40 and 80 % of the training images are Gaussian noise. Time is
the number of updates to a training loss of a tenth of ln C. The exponent b of time ~ width^-b is a least-squares slope of
logarithms for each network number. It is above 0 at each share of noise, and rises from each share to the next.

A width is left out where a network of any of the worlds does not reach the loss. Narrow networks on noise are the slowest, so
that what is left understates b for noise.
"""

import numpy as np

from verify import Relation, both, claim, dominates, increases, positive
from verify.counterfeits import exchanged
from verify.measurements.memorization.time_to_loss import times_to_loss
from verify.measurements.sweeps import Sweep

LEVELS = ("real", "40 % noise", "80 % noise")
WHERE = {"needs": "loss", "sweep": "width", "labels": "clean", "source": "figure"}
EFFECT, UNIT = 0.1, "exponent of width"


@claim("A-07", beside=("-inputs40", "-inputs80"), counterfeit=exchanged("-inputs80"), **WHERE)
def claim_width_helps_more_with_more_noise(sweep: Sweep) -> Relation:
    times = times_to_loss(sweep, sweep.beside("-inputs40"), sweep.beside("-inputs80"))
    gains = [-exponents for exponents in times.exponents()]
    shown = {"effect": EFFECT, "unit": UNIT, "note": times.left_out}
    return both(
        *(positive(gain, **shown, about=level) for level, gain in zip(LEVELS, gains, strict=True)),
        increases(np.stack(gains, axis=1), **{**shown, "effect": EFFECT / 2}, about="rise per step of 40 % noise"),
    )


@claim("A-07.randX", beside="-randX", counterfeit=exchanged("-randX"), **WHERE)
def claim_width_helps_more_on_noise_inputs(sweep: Sweep) -> Relation:
    """A-07.randX: wider networks fit their training set sooner, and width helps more where all images are noise.

    Arpit et al. 2017, figure 6 left, at its largest share of noise. This is A-07 for real images and for images that are all
    Gaussian noise with the mean and the deviation of the data.
    """
    return helps_more(sweep, "-randX")


@claim("A-07.randY", beside="-randY", counterfeit=exchanged("-randY"), **{**WHERE, "source": "ours"})
def claim_width_helps_more_on_random_labels(sweep: Sweep) -> Relation:
    """A-07.randY: wider networks fit their training set sooner, and width helps more where all labels are random.

    Arpit et al. 2017, figure 6 left, whose noise is in the inputs; this is A-07 for real images with their true labels, and
    with all labels permuted.
    """
    return helps_more(sweep, "-randY")


def helps_more(sweep: Sweep, kind: str) -> Relation:
    """The relation that time falls with width on real data and on one kind of noise, and faster on noise."""
    times = times_to_loss(sweep, sweep.beside(kind))
    real, noise = (-exponents for exponents in times.exponents())
    shown = {"effect": EFFECT, "unit": UNIT, "note": times.left_out}
    return both(
        positive(real, **shown, about="real"),
        positive(noise, **shown, about=kind[1:]),
        dominates(noise, real, **shown, about=f"{kind[1:]} over real"),
    )
