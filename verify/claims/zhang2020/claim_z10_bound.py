"""Z-10.bound: what a convolutional network makes of a constant image grows from the borders, which bounds its corr_const.

Theory of 2026 beside Zhang et al. 2020, figure 6, where outputs grow from the borders (:mod:`theory.identity.border_growth`).
With zero padding the activations of layer l for a constant image are equal at all pixels with the same borders in reach, l
times half the kernel. So corr_const of a constant image cannot exceed the cosine of the training image with its means over
these pixels. Both hold exactly, for any weights: here for networks that were trained on a digit in a margin of zeros,
whose middle pixels no border reaches.
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from empirical.identity.images import resized
from theory.identity import border_growth
from verify import Relation, both, claim, given, vanishes
from verify.counterfeits import planted
from verify.strategies.digits import images
from verify.strategies.linear_networks import draws

circular_padding = planted(
    "theory.identity.border_growth.equal_pixels",
    lambda right: lambda shape, depth, kernel, padding="zero": right(shape, depth, kernel, "circular"),
)
NETWORKS, CHANNELS, LOSS = 3, 8, 0.05
# Depths and kernels at which the border does not reach the middle of SIDE pixels, where the bound is 1.
SIDE, SHAPES = 14, ((2, 3), (3, 3), (4, 3), (2, 5), (3, 5))


@dataclass(frozen=True)
class Grown:
    """Convolutional networks at torch's own gain; shape: depth and kernel; draw: the seed of their image and weights."""

    shape: tuple[int, int]
    draw: int


EXAMPLES = st.builds(Grown, st.sampled_from(SHAPES), draws)


@claim("Z-10.bound", counterfeit=circular_padding, package="torch", source="ours")
@given(examples=4, world=EXAMPLES)
def claim_constant_images_change_from_the_border(world: Grown) -> Relation:
    import torch

    from empirical.toy_models import one_image_networks, one_image_training
    from empirical.toy_models.image_correlations import correlation
    from empirical.toy_models.one_image_networks import Convolutional
    from empirical.toy_models.stacked_optimizers import Adam

    depth, kernel = world.shape
    training = resized(images(1, np.random.default_rng(world.draw)), SIDE)
    architecture = Convolutional(depth, kernel, CHANNELS, 1 / 3)
    seeds = [world.draw * NETWORKS + network for network in range(NETWORKS)]
    found = one_image_training.train(architecture, training, seeds, Adam(0.003), LOSS, dtype=torch.float64)
    blank = np.ones_like(training)
    layers = one_image_networks.activations(architecture, found.weights, blank)
    unequal = [_spread(held, layer, kernel) for layer, held in enumerate(layers, start=1)]
    reached = abs(correlation(one_image_networks.outputs(architecture, found.weights, blank)[:, 0], training[0]))
    bound = border_growth.constant_image_bound(training[0], depth, kernel)
    return both(vanishes(np.array(unequal)), vanishes(np.maximum(reached - bound, 0.0)))


def _spread(held: np.ndarray, depth: int, kernel: int) -> float:
    """The largest difference of activations (..., H, W) from another pixel of their class, relative to the largest."""
    classes = border_growth.equal_pixels((held.shape[-2], held.shape[-1]), depth, kernel).ravel()
    values = held.reshape(-1, classes.size)
    first = np.unique(classes, return_index=True)[1]
    return float(abs(values - values[:, first[np.searchsorted(classes[first], classes)]]).max() / abs(values).max())
