"""B-03: any labels of n points on a sphere are interpolated by n units or fewer, with a Hessian of at most 1 + 2 sqrt(2) D / n.

Liang et al. 2025: data on a sphere can be memorized below the edge of stability, that is, where the largest eigenvalue of the
Hessian is below 2 / eta for a learning rate eta. Their bound is as we remember it; the construction and the smaller bound are
derived in theory.descent.stable_interpolation. For drawn points and labels the claim takes the Hessian of the loss
(1 / 2n) sum (f - y)^2 by automatic differentiation. The network interpolates, the largest eigenvalue is the predicted one, and
it exceeds neither 1 + 2 sqrt(2) D / n nor the published 1 + (D^2 + 2) / n, where D is the largest label. Points, dimensions and
sizes of labels are drawn from ranges of ours.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from theory.descent import stable_interpolation
from verify import Relation, both, claim, given, matches, vanishes
from verify.counterfeits import planted
from verify.strategies.spheres import SPHERES, Sphere

if TYPE_CHECKING:
    from empirical.toy_models.two_layer_networks import Networks

# How far below and above the edge of stability descent is started, for how many steps, and how far from the minimum.
BELOW, ABOVE, STEPS, DISTANCE = 0.95, 1.05, 60, 1e-6


def neighbours_let_in(right: Callable) -> Callable:
    """Thresholds a tenth lower, as if a unit could be active at other points too."""

    def network(points, labels):
        found = right(points, labels)
        return stable_interpolation.ReluNetwork(found.directions, found.thresholds * 0.9, found.outputs, found.bias)

    return network


crossed = planted("theory.descent.stable_interpolation.interpolating_network", neighbours_let_in)


@claim("B-03", counterfeit=crossed, package="torch", source="remembered")
@given(world=SPHERES)
def claim_points_on_a_sphere_are_interpolated_below_the_edge(world: Sphere) -> Relation:
    from empirical.toy_models import two_layer_networks

    points, labels, network = world.points(), world.labels(), constructed(world)
    largest = np.linalg.eigvalsh(two_layer_networks.loss_hessian(network, points, labels))[-1]
    size, n = np.abs(labels).max(), len(labels)
    bounds = np.array([stable_interpolation.sharpness_bound(labels), 1 + (size**2 + 2) / n])
    return both(
        vanishes(network.at(points[None])[0] - labels, scale=size),
        vanishes(np.maximum(network.outputs.numel() - n, 0)),
        matches(stable_interpolation.sharpness(labels), largest),
        vanishes(np.maximum(largest - bounds, 0)),
    )


def four_times_as_flat(right: Callable) -> Callable:
    """A quarter of the largest eigenvalue, so that what is called just below the edge is far above it."""
    return lambda labels: right(labels) / 4


flatter = planted("theory.descent.stable_interpolation.sharpness", four_times_as_flat)


@claim("B-03.descent", counterfeit=flatter, package="torch", source="ours")
@given(world=SPHERES)
def claim_descent_stays_at_interpolation_below_the_edge(world: Sphere) -> Relation:
    """B-03.descent: gradient descent stays at the interpolating network below the edge of stability, and leaves it above.

    Liang et al. 2025; the construction is ours. The edge is the rate 2 / lambda, where lambda is the largest eigenvalue of the
    Hessian that theory.descent.stable_interpolation predicts for the network of B-03. Descent starts beside the network, with
    a loss near 0. At a rate 5 % below the edge the loss falls, and at a rate 5 % above it rises, over 60 steps. These numbers
    are ours.
    """
    edge = 2 / stable_interpolation.sharpness(world.labels())
    return both(
        vanishes(np.maximum(loss_ratio(world, BELOW * edge) - 1, 0)),
        vanishes(np.maximum(1 - loss_ratio(world, ABOVE * edge), 0)),
    )


def constructed(world: Sphere) -> "Networks":
    """The network that theory constructs."""
    from empirical.toy_models import two_layer_networks

    found = stable_interpolation.interpolating_network(world.points(), world.labels())
    return two_layer_networks.Networks.of(found.directions, found.thresholds, found.outputs, found.bias)


def loss_ratio(world: Sphere, rate: float) -> float:
    """The loss after descent from beside the network, over the loss before."""
    import torch

    from empirical.toy_models import two_layer_networks

    points, labels, rng = world.points()[None], world.labels()[None], np.random.default_rng([world.draw, 2])
    moved = (one + DISTANCE * torch.from_numpy(rng.standard_normal(one.shape)) for one in constructed(world).parameters)
    before = two_layer_networks.Networks(*moved)
    after = two_layer_networks.descend(before, points, labels, rate, STEPS)
    errors = [np.square(network.at(points) - labels).sum() for network in (after, before)]
    return float(errors[0] / errors[1])
