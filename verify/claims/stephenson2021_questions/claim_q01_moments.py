"""Q-01.moments: class means, covariances and any noise matrix say how well centred alignment ranks mislabeled examples.

Stephenson et al. 2021, discussion; the answer is ours. This is Q-01 without the kernel matrix, for pixels of digits: each fresh
draw takes images from the data set, and labels from a noise matrix. The noise is uniform, or gives each class the labels of one
other class.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from theory.kernels import mislabel_detection
from theory.kernels.mislabel_detection import ClassMoments
from verify import Relation, agrees, claim, given
from verify.counterfeits import planted
from verify.strategies import digits


@dataclass(frozen=True)
class Noisy:
    """n digits of the first C classes, a share of whose labels is wrong: uniformly, or each class has one other label."""

    n_images: int
    n_classes: int
    share: float
    uniform: bool

    @property
    def noise(self) -> np.ndarray:
        """The probability of each label given the class, (C, C)."""
        stay, size = np.eye(self.n_classes), self.n_classes
        wrong = (1 - stay) / (size - 1) if self.uniform else np.roll(stay, 1, axis=1)
        return (1 - self.share) * stay + self.share * wrong


def _as_if_uniform(right: Callable) -> Callable:
    """As many wrong labels as there are, but each as likely to be of any other class."""

    def area(moments, noise, n):
        stay, size = np.eye(len(noise)), len(noise)
        share = 1 - np.trace(noise) / size
        return right(moments, (1 - share) * stay + share * (1 - stay) / (size - 1), n)

    return area


uniform = planted("theory.kernels.mislabel_detection.class_moment_auroc", _as_if_uniform)
EXAMPLES = st.builds(Noisy, st.integers(200, 400), st.sampled_from([10, 7, 4]), st.sampled_from([0.2, 0.1, 0.4]), st.booleans())


@claim("Q-01.moments", counterfeit=uniform, package="sklearn", source="ours")
@given(examples=4, world=EXAMPLES)
def claim_class_moments_say_how_well_alignment_ranks(world: Noisy) -> Relation:
    from empirical.toy_models import label_alignments

    features, classes = digits.of_first_classes(world.n_classes)
    predicted = mislabel_detection.class_moment_auroc(moments(features, classes), world.noise, world.n_images)
    thresholds = world.noise.cumsum(axis=1)

    def one(rng: np.random.Generator) -> float:
        chosen = rng.choice(len(classes), world.n_images, replace=False)
        labels = (rng.random((world.n_images, 1)) > thresholds[classes[chosen], :-1]).sum(axis=1)
        kernel = label_alignments.without_themselves(label_alignments.centred(features[chosen] @ features[chosen].T))
        scores = label_alignments.alignments(kernel, labels[None], world.n_classes)
        return float(label_alignments.area(scores, (labels == classes[chosen])[None])[0])

    return agrees(
        lambda n, rng: np.array([one(rng) for _ in range(n)]) - predicted, effect=0.02, unit="AUROC", counted="draws", pilot=100
    )


def moments(features: np.ndarray, classes: np.ndarray) -> ClassMoments:
    """The moments of the features of each class, over the whole data set."""
    each = [features[classes == label] for label in range(classes.max() + 1)]
    covariances = np.stack([np.cov(one.T, bias=True) for one in each])
    return ClassMoments(np.bincount(classes) / len(classes), np.stack([one.mean(0) for one in each]), covariances)
