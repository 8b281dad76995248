"""E-03: during training the tangent kernel turns towards the target, also where the target is permuted labels.

Ortiz-Jimenez, Moosavi-Dezfooli & Frossard 2021, abstract: networks overfit mostly due to the evolution of their kernel during
training, which turns towards the task. The target is whether a digit is odd, or the same labels in another order. Alignment is
y^T K y / (||y||^2 ||K||) with the kernel and the target centred over the training images, because all labels have the mean of
the outputs in common. Its logarithm grows from the initialization to the end of training, and it grows by more than the
logarithm of the mean alignment with 200 other orders of the labels, which are not trained on. Targets, networks, training and
the effect are ours.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from verify import Relation, both, claim, given, positive
from verify.counterfeits import planted
from verify.strategies.kernel_tasks import TaskNetworks
from verify.strategies.linear_networks import draws

PACE, STEPS, EFFECT = 1.0, 300, 0.1
OTHERS = 200
WORLDS = st.builds(lambda draw: TaskNetworks(10, 2, 32, 150, 0, draw), draws)


def asked_of_others(right: Callable) -> Callable:
    """Targets in yet another order, which the networks are not trained on."""
    return lambda world, targets: shuffled(world, targets, 1, stream=9)[..., 0]


@claim(
    "E-03",
    counterfeit=planted("verify.claims.ortizjimenez2021.claim_e03.asked", asked_of_others),
    package="torch",
    source="abstract",
)
@given(examples=2, world=WORLDS)
def claim_the_kernel_turns_towards_the_target(world: TaskNetworks) -> Relation:
    odd = np.where(world.classes % 2, 1.0, -1.0)
    targets = {"true labels": odd, "permuted labels": shuffled(world, odd, 1, stream=3)[..., 0]}
    parts = []
    for about, target in targets.items():
        own, others = growths(world, target)
        parts += [
            positive(own, EFFECT, "log alignment", about=about),
            positive(own - others, EFFECT, "log alignment", about=f"{about}, above others"),
        ]
    return both(*parts)


def growths(world: TaskNetworks, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much log alignment with the target, and with others, grows while the networks learn the target, (networks,) each."""
    trained, _ = world.trained(target[..., None], PACE, STEPS)
    kernels = world.own_kernels, world.tangent_kernels(trained.modules(), world.images)
    own, others = asked(world, target)[..., None], shuffled(world, target, OTHERS, stream=4)
    before, after = ([centred_alignments(kernel, labels) for labels in (own, others)] for kernel in kernels)
    mine, theirs = (np.log(late / early) for early, late in zip(before, after, strict=True))
    return mine, theirs


def asked(world: TaskNetworks, target: np.ndarray) -> np.ndarray:
    """The labels whose alignment is measured, (networks, n): those that are trained on."""
    return target


def centred_alignments(kernels: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The alignment with centred kernels, in the mean over labels (networks, n, k), (networks,)."""
    from empirical.toy_models import label_alignments

    centred = np.stack([label_alignments.centred(kernel) for kernel in kernels])
    return label_alignments.target_alignments(centred, labels - labels.mean(1, keepdims=True)).mean(1)


def shuffled(world: TaskNetworks, labels: np.ndarray, n: int, stream: int) -> np.ndarray:
    """The labels of each network in n other orders, (networks, n_images, n)."""
    streams = [np.random.default_rng([world.draw, network, stream]) for network in range(world.n_networks)]
    return np.stack(
        [
            np.stack([rng.permutation(own) for _ in range(n)], axis=1)
            for own, rng in zip(labels[:, : world.n_images], streams, strict=True)
        ]
    )
