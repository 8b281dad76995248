"""Q-03: before training, centred alignment without the example itself ranks mislabeled examples far better than raw alignment.

Stephenson et al. 2021, discussion: can gradients find mislabeled examples? The answer is ours. Raw alignment is the product of
an example's gradient with the mean gradient, by autograd at the networks' own initial outputs; what does not depend on the
labels is most of it. Centred alignment is that of Q-01, by the tangent kernel of the same network; it has 1/C in place of the
outputs, which is a part of the gain. The area under the curve (AUROC) of right against wrong examples is compared network by
network.
"""

import numpy as np
from hypothesis import strategies as st

from verify import Relation, claim, dominates, given
from verify.counterfeits import planted
from verify.strategies.linear_networks import draws
from verify.strategies.mislabeled import LabelledNetworks

EXAMPLES = st.builds(
    LabelledNetworks,
    *(st.just(12), st.integers(1, 3), st.just(32), st.just(100), st.integers(4, 10), st.sampled_from([0.15, 0.3, 0.6]), draws),
)
exchanged = planted("verify.claims.stephenson2021_questions.claim_q03.areas", lambda right: lambda world: right(world)[::-1])


@claim("Q-03", counterfeit=exchanged, package="torch", source="ours")
@given(examples=3, world=EXAMPLES)
def claim_centring_repairs_alignment(world: LabelledNetworks) -> Relation:
    centred, raw = areas(world)
    return dominates(centred, raw, effect=0.1, unit="AUROC")


def areas(world: LabelledNetworks) -> tuple[np.ndarray, np.ndarray]:
    """The areas of centred and of raw alignment, (networks,) each."""
    import torch

    from empirical.toy_models import label_alignments, labelled_networks, small_networks

    (images, classes), labels, models = world.examples(), world.labels(), world.models()
    raw = labelled_networks.alignments(models, images, labels)
    kernels = [
        small_networks.tangent_kernel(model, torch.as_tensor(shown)) for model, shown in zip(models, images, strict=True)
    ]
    centred = [
        label_alignments.alignments(centred_without_itself(kernel), given_labels[None], world.n_classes)[0]
        for kernel, given_labels in zip(kernels, labels, strict=True)
    ]
    right = labels == classes
    return label_alignments.area(np.stack(centred), right), label_alignments.area(raw, right)


def centred_without_itself(kernel: np.ndarray) -> np.ndarray:
    """The kernel that the centred score sums."""
    from empirical.toy_models import label_alignments

    return label_alignments.without_themselves(label_alignments.centred(kernel))
