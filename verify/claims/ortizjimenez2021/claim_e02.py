"""E-02: a network generalizes worse than its linearization on one task, and better on another.

Ortiz-Jimenez, Moosavi-Dezfooli & Frossard 2021, abstract: neural networks do not always perform better than their kernel
approximations. The tasks are ours. A dozen fresh networks of two hidden layers of 16 units learn either. On 300 digits the task
is the sign of the twenty-sixth eigenvector of the network's own tangent kernel, which suits the linearization. On 400 Gaussian
images of 16 pixels it is the sign of the product of two pixels, to which a network can turn. The linearization is trained by
the same descent with the tangent kernel at initialization, and both are judged on other images. The claim says that there are
two such tasks, and not which are common: we looked for them.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from verify import Relation, both, claim, given, rises
from verify.counterfeits import planted
from verify.strategies.kernel_tasks import TaskNetworks, Tasks

RANK, WIDTH, EFFECT = 25, 16, 0.02
PACE, STEPS = 2.0, 400


def twice_the_network(right: Callable) -> Callable:
    """The network in place of its linearization as well, with a spread of one image in a hundred."""

    def same(world, tasks):
        network, _ = right(world, tasks)
        return network, network + np.random.default_rng(0).normal(0, 0.01, len(network))

    return same


@claim(
    "E-02",
    counterfeit=planted("verify.claims.ortizjimenez2021.claim_e02.accuracies", twice_the_network),
    package="torch",
    source="abstract",
)
@given(examples=1, depth=st.just(2))
def claim_networks_do_not_always_beat_their_linearization(depth: int) -> Relation:
    def on_eigenfunctions(n: int, rng: np.random.Generator) -> np.ndarray:
        world = TaskNetworks(n, depth, WIDTH, 300, 300, int(rng.integers(2**32)))
        return np.stack(accuracies(world, np.sign(world.eigenfunctions((RANK,)))), axis=1)

    def on_products(n: int, rng: np.random.Generator) -> np.ndarray:
        world = TaskNetworks(n, depth, WIDTH, 400, 800, int(rng.integers(2**32)), noise=4)
        product = world.images[:, :, 0, 0, :2].prod(axis=2, keepdims=True)
        return np.stack(accuracies(world, np.sign(product))[::-1], axis=1)

    shown = {"effect": EFFECT, "unit": "accuracy", "counted": "networks"}
    return both(rises(on_eigenfunctions, **shown), rises(on_products, **shown))


def accuracies(world: TaskNetworks, tasks: Tasks) -> tuple[np.ndarray, np.ndarray]:
    """The accuracies of the networks and of their linearizations at test images, (networks,) each."""
    trained, _ = world.trained(tasks, PACE, STEPS)
    return world.right(trained, tasks)[:, 0], world.right_linearized(tasks, PACE, STEPS)[:, 0]
