"""V-03: the more right labels are diluted, the more of them a network needs.

Rolnick, Veit, Belongie & Shavit 2017: learning from diluted labels takes more data, by a factor that is related to the
dilution. A dozen fresh perceptrons learn from 20 images of each class with five labels drawn for each right one, from all
classes alike; from as many images with twenty; and from 80 of each class with twenty. Dilution costs test accuracy, and four
times as many images bring back more than half of it. Images, networks, dilutions, the half and the effect are ours.
"""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from verify import Relation, agrees, claim, given, rises
from verify.counterfeits import planted
from verify.strategies.diluted_digits import DilutedDigits

FEW, MANY, WEAK, STRONG = 20, 80, 5.0, 20.0
TOLERATED = 0.05


def as_few(_: Any) -> Any:
    """As few images as before."""
    return FEW


AS_FEW = planted("verify.claims.rolnick2017.claim_v03.MANY", as_few)


@claim("V-03", counterfeit=AS_FEW, package="torch", source="remembered")
@given(examples=1, noise=st.just("all"))
def claim_more_images_bring_back_what_dilution_costs(noise: str) -> Relation:
    def at_stages(n: int, rng: np.random.Generator) -> np.ndarray:
        weak, strong, more = accuracies(n, rng, noise)
        return np.stack([strong, (weak + strong) / 2, more], axis=1)

    return rises(at_stages, effect=0.05, unit="accuracy", counted="networks")


@claim("V-03.proportional", counterfeit=AS_FEW, package="torch", source="ours")
@given(examples=1, noise=st.just("all"))
def claim_images_in_proportion_are_enough(noise: str) -> Relation:
    """V-03.proportional: as many times more images as there are more wrong labels for each right one keep the accuracy.

    Rolnick, Veit, Belongie & Shavit 2017 relate the two; the proportion is ours. An average over m images in which the right
    label has one more than its share of drawn labels leads by m, with a spread of the square root of m times the dilution: it
    is as often right if both grow alike. The images and dilutions are those of V-03, and less than .05 of accuracy is lost.
    """

    def at_both(n: int, rng: np.random.Generator) -> np.ndarray:
        weak, _, more = accuracies(n, rng, noise)
        return np.stack([weak - TOLERATED, more], axis=1)

    return rises(at_both, effect=TOLERATED, unit="accuracy", counted="networks")


@claim("V-03.averaging", counterfeit=AS_FEW, package="sklearn", source="ours")
@given(examples=1, noise=st.just("all"))
def claim_images_in_proportion_are_enough_for_class_means(noise: str) -> Relation:
    """V-03.averaging: images in proportion to the wrong labels for each right one keep the accuracy of nearest class means.

    Rolnick, Veit, Belongie & Shavit 2017 relate the two; the proportion is ours. This is V-03.proportional for a classifier
    that averages: the nearest class mean, where a mean is that of all images with a label of the class.
    """

    def differences(n: int, rng: np.random.Generator) -> np.ndarray:
        seeds = DilutedDigits.drawn(n, rng, FEW, WEAK).seeds
        weak, more = (DilutedDigits(seeds, images, at, noise) for images, at in ((FEW, WEAK), (MANY, STRONG)))
        return more.class_mean_accuracy - weak.class_mean_accuracy

    return agrees(differences, effect=0.02, unit="accuracy", counted="draws", pilot=100)


def accuracies(n: int, rng: np.random.Generator, noise: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Test accuracies of few images, of as few more diluted ones, and of many more diluted ones, (networks,) each."""
    seeds = DilutedDigits.drawn(n, rng, FEW, WEAK).seeds
    weak, strong, more = (
        DilutedDigits(seeds, images, dilution, noise).accuracy
        for images, dilution in ((FEW, WEAK), (FEW, STRONG), (MANY, STRONG))
    )
    return weak, strong, more
