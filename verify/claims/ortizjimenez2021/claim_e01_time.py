"""E-01.time: the tangent kernel at initialization says when a network has halved its loss on a task.

Ortiz-Jimenez, Moosavi-Dezfooli & Frossard 2021 rank tasks by their alignment; the time is ours (theory.kernels.task_losses).
Under the kernel at initialization every eigenfunction decays at twice its rate, and the loss of a task is half the first when
their sum is. Tasks are the signs of four eigenvectors of each network's own kernel. Networks are trained by full-batch descent
on the squared loss, away from their initial outputs. The largest mode would be gone after one step, and the first task is half
learned after three or four: the predicted time is that of descent by these steps, not of gradient flow. The measured one is
interpolated between two steps, which makes it later by 1 % or less. The logarithm of the measured time less that of the
predicted one is compared with 0. Tasks, networks, the step and the effect are ours.

The time of gradient flow was predicted first, which is up to a tenth later for the first task. With it the claim was
INCONCLUSIVE.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from theory.kernels import task_losses
from verify import Relation, both, claim, given, negligible
from verify.counterfeits import planted
from verify.judging.verdicts import Broken
from verify.strategies.kernel_tasks import TaskNetworks, Tasks
from verify.strategies.linear_networks import draws

RANKS, FRACTION = (1, 3, 8, 20), 0.5
PACE, STEPS = 1.0, 240
SHAPES = st.sampled_from([(1, 64), (2, 32)])
WORLDS = st.builds(lambda shape, draw: TaskNetworks(10, shape[0], shape[1], 150, 0, draw), SHAPES, draws)


def rate_not_doubled(right: Callable) -> Callable:
    """The time at which outputs, not the loss, have come half of the way: twice the time."""
    return lambda *of: 2 * right(*of)


@claim(
    "E-01.time",
    counterfeit=planted("theory.kernels.task_losses.time_to", rate_not_doubled),
    package="torch",
    source="ours",
)
@given(examples=2, world=WORLDS)
def claim_the_kernel_says_when_the_loss_is_halved(world: TaskNetworks) -> Relation:
    tasks = np.sign(world.eigenfunctions(RANKS))
    off = np.log(halving_times(world, tasks) / predicted_times(world, tasks))
    return both(
        *(
            negligible(off[:, index], effect=0.2, unit="log time", about=f"eigenvector {rank + 1}")
            for index, rank in enumerate(RANKS)
        )
    )


def predicted_times(world: TaskNetworks, tasks: Tasks) -> np.ndarray:
    """The times at which the losses of linearized networks fall below the fraction of the first ones, (networks, tasks)."""
    return np.array(
        [
            [task_losses.time_to(kernel, task, FRACTION, rate) for task in own.T]
            for kernel, own, rate in zip(world.own_kernels, tasks, world.rates(PACE), strict=True)
        ]
    )


def halving_times(world: TaskNetworks, tasks: Tasks) -> np.ndarray:
    """The times at which the losses of networks fall below the fraction of the first ones, (networks, tasks).

    :raises Broken: a loss is above the fraction after the last step.
    """
    from empirical.toy_models import labelled_networks

    place = np.repeat(np.arange(world.n_networks), tasks.shape[2])
    wanted = np.moveaxis(tasks, 2, 1).reshape(len(place), -1, 1)
    rates = world.rates(PACE)
    images = world.images[place].astype(np.float32)  # twice as fast, and enough to see when a loss is halved
    moved = labelled_networks.descend([world.models[index] for index in place], images, wanted, rates[place], STEPS)
    logs = np.log(((moved - wanted) ** 2).mean((2, 3)))
    below = logs < np.log(FRACTION)
    if not below[-1].all():
        raise Broken(f"a loss is above {FRACTION:g} of the first after {STEPS} steps; train for longer")
    step, networks = below.argmax(0), np.arange(len(place))
    before, after = logs[step - 1, networks], logs[step, networks]
    return (step - 1 + (before - np.log(FRACTION)) / (before - after)).reshape(world.n_networks, -1) * rates[:, None]
