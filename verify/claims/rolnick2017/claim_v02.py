"""V-02: networks recognize far more test images than training labels are right, where wrong labels outnumber right ones.

Rolnick, Veit, Belongie & Shavit 2017: networks learn from labels of which most are wrong. Each of 500 digits has one right
label, and on average ten labels for each image are drawn from all ten classes alike, so that less than a fifth of all labels is
right. A dozen fresh perceptrons of two hidden layers are trained on all labels. The accuracy at images that a network is not
trained on exceeds the share of right labels. The paper's networks lose less, with a hundred times as many images. Images,
networks, the dilution and the effect are ours.
"""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from verify import Relation, claim, given, rises
from verify.counterfeits import planted
from verify.strategies.diluted_digits import DilutedDigits

PER_CLASS, NOISE = 50, "all"


def always_the_next_class(_: Any) -> Any:
    """Drawn labels that are all of the next class, which then is the most frequent label."""
    return "next"


@claim(
    "V-02",
    counterfeit=planted("verify.claims.rolnick2017.claim_v02.NOISE", always_the_next_class),
    package="torch",
    source="remembered",
)
@given(examples=1, dilution=st.just(10.0))
def claim_networks_learn_from_mostly_wrong_labels(dilution: float) -> Relation:
    def shares(n: int, rng: np.random.Generator) -> np.ndarray:
        world = DilutedDigits.drawn(n, rng, PER_CLASS, dilution, NOISE)
        return np.stack([world.right_labels, world.accuracy], axis=1)

    return rises(shares, effect=0.2, unit="of labels and images", counted="networks")
