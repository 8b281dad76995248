"""V-02.threshold: networks prefer the right class as long as its label is the most frequent one, and no longer.

Rolnick, Veit, Belongie & Shavit 2017 see networks learn while right labels outnumber those of any one wrong class; that this is
the threshold is ours. Drawn labels that spread over all nine other classes outnumber the right one at nine for each, and drawn
labels of the next class at one for each. At two thirds of either threshold networks give more test images their class than a
wrong one, and at three halves fewer. The lead is the share of test images that are given their class less that of the next
class, or less the average over the nine others; the most frequent of these nine is not looked for. A dozen fresh perceptrons
learn from 500 digits at each dilution. Dilutions, networks and the effect are ours.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from verify import Relation, both, claim, given, rises
from verify.counterfeits import planted
from verify.strategies.diluted_digits import DilutedDigits

PER_CLASS, EFFECT = 50, 0.05
THRESHOLDS = {"others": 9.0, "next": 1.0}


def three_times_as_far(right: Callable) -> Callable:
    """Thresholds that are three times as high as they are."""
    return lambda noise: 3 * right(noise)


@claim(
    "V-02.threshold",
    counterfeit=planted("verify.claims.rolnick2017.claim_v02_threshold.threshold", three_times_as_far),
    package="torch",
    source="ours",
)
@given(examples=1, factor=st.just(1.5))
def claim_the_most_frequent_label_is_learned(factor: float) -> Relation:
    def leads(noise: str) -> Callable[[int, np.random.Generator], np.ndarray]:
        def sample(n: int, rng: np.random.Generator) -> np.ndarray:
            seeds, at = DilutedDigits.drawn(n, rng, PER_CLASS, 0.0).seeds, threshold(noise)
            beyond, short_of = (DilutedDigits(seeds, PER_CLASS, at * by, noise).lead for by in (factor, 1 / factor))
            return np.stack([beyond, np.zeros(n), short_of], axis=1)

        return sample

    return both(*(rises(leads(noise), effect=EFFECT, unit="of images", counted="networks") for noise in THRESHOLDS))


def threshold(noise: str) -> float:
    """The dilution at which drawn labels of a wrong class are as frequent as right ones."""
    return THRESHOLDS[noise]
