"""Q-01: the permutation formula says how well centred alignment ranks mislabeled examples before training.

Stephenson et al. 2021, discussion: can gradients find mislabeled examples? The answer is ours. The score of an example is its
alignment with the examples of its label, by a kernel that is centred over the examples, without the example itself. From the
kernel, the true classes and the number of permuted labels, the theory predicts the area under the curve (AUROC) of right
against wrong examples, without a fitted constant (theory.kernels.alignment_laws, theory.kernels.mislabel_detection). The
claim compares it with the mean over fresh permutations of the labels of real digits. Kernels are those of pixels, of features
of a random network, and the tangent kernels of random networks.
"""

from collections.abc import Callable

import numpy as np

from theory.kernels import alignment_laws, mislabel_detection
from verify import Relation, agrees, claim, given
from verify.counterfeits import planted
from verify.strategies.mislabeled import Mislabeled, mislabeled


def uncentred(right: Callable) -> Callable:
    """The kernel as it is, in which what all examples have in common stays."""
    return lambda kernel: kernel


@claim("Q-01", counterfeit=planted("theory.kernels.alignment_laws.centred", uncentred), package="torch", source="ours")
@given(examples=10, world=mislabeled((0.15, 0.3, 0.6)))
def claim_the_permutation_formula_says_how_well_alignment_ranks(world: Mislabeled) -> Relation:
    from empirical.toy_models import label_alignments

    kernel, classes = world.matrix(), world.examples()[1]
    law = alignment_laws.alignment_law(alignment_laws.centred(kernel), classes, world.n_classes, world.n_permuted)
    predicted = mislabel_detection.auroc(law)
    others = label_alignments.without_themselves(label_alignments.centred(kernel))

    def differences(n: int, rng: np.random.Generator) -> np.ndarray:
        labels = world.labellings(n, rng)
        scores = label_alignments.alignments(others, labels, world.n_classes)
        return label_alignments.area(scores, labels == classes) - predicted

    return agrees(differences, effect=0.02, unit="AUROC", counted="permutations")
