"""E-01: a task's alignment with the tangent kernel at initialization ranks how fast and how well networks learn it.

Ortiz-Jimenez, Moosavi-Dezfooli & Frossard 2021, abstract: linear approximations can rank the learning complexity of tasks for
neural networks. The alignment of a task y, +-1 for each image, with a kernel K is y^T K y / (||y||^2 ||K||), at the training
images. Every network learns twenty tasks from one initialization: the signs of ten eigenvectors of its own kernel, between the
second and the fifty-first, and of ten mixtures of two. How fast is the mean of the relative loss over the training, and how
well the accuracy at test images after it. Each network has one rank correlation over its tasks for either. That tasks
are eigenfunctions is the paper's idea; mixtures, ranks, networks, training and the effect are ours.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from verify import Relation, both, claim, given, positive
from verify.counterfeits import planted
from verify.measurements.rank_correlation import spearman
from verify.strategies.kernel_tasks import TaskNetworks, Tasks
from verify.strategies.linear_networks import draws

RANKS = (1, 2, 3, 5, 8, 12, 17, 25, 35, 50)
PACE, STEPS = 0.5, 150
SHAPES = st.sampled_from([(1, 64), (2, 32)])
WORLDS = st.builds(lambda shape, draw: TaskNetworks(8, shape[0], shape[1], 150, 300, draw), SHAPES, draws)


def of_other_tasks(right: Callable) -> Callable:
    """The alignments of the tasks in the opposite order, from the mixtures to the first eigenvector."""
    return lambda *of: right(*of)[:, ::-1]


@claim(
    "E-01",
    counterfeit=planted("verify.claims.ortizjimenez2021.claim_e01.alignments", of_other_tasks),
    package="torch",
    source="abstract",
)
@given(examples=2, world=WORLDS)
def claim_alignment_ranks_tasks(world: TaskNetworks) -> Relation:
    functions = world.eigenfunctions(RANKS)
    tasks = np.sign(np.concatenate([functions, world.mixed(functions)], axis=2))
    trained, losses = world.trained(tasks, PACE, STEPS)
    aligned = alignments(world, tasks)
    return both(
        positive(ranked(aligned, -losses.mean(2)), effect=0.5, unit="rank correlation", about="with speed"),
        positive(ranked(aligned, world.right(trained, tasks)), effect=0.5, unit="rank correlation", about="with test accuracy"),
    )


def alignments(world: TaskNetworks, tasks: Tasks) -> np.ndarray:
    """The alignment of each task with the kernel of its network, at the training images, (networks, tasks)."""
    from empirical.toy_models import label_alignments

    return label_alignments.target_alignments(world.own_kernels, tasks[:, : world.n_images])


def ranked(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The rank correlation over tasks of each network, (networks,)."""
    return np.array([spearman(*pair) for pair in zip(one, other, strict=True)])
