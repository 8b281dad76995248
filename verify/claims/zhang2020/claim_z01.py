"""Z-01: a fully connected layer that learned to reproduce an image copies its part of other images and scrambles the rest.

Zhang et al. 2020, theorem 1: f(x) = P x + W_0 (1 - P) x, where P is the projector on the training image and W_0 are the initial
weights. With two or three training images, P is the projector on their span. The claim trains Gaussian weights by gradient
descent until the gradient is 1e-12 of the first gradient, and then shows the layer other images. Several images are well
conditioned because they are white and have at least ten pixels.
"""

import numpy as np
from hypothesis import strategies as st

from theory.identity import identity_maps
from verify import Relation, claim, given, vanishes
from verify.counterfeits import planted
from verify.strategies.linear_networks import Vectors, draws, scales

what_was_learned_twice = planted(
    "theory.identity.identity_maps.connected_output",
    lambda right: lambda weights, training, images: right(np.eye(len(weights)) - weights, training, images),
)
EXAMPLES = st.builds(Vectors, st.integers(10, 30), st.integers(1, 3), scales(0.1, 2.0), draws)


@claim("Z-01", counterfeit=what_was_learned_twice, package="torch")
@given(examples=8, world=EXAMPLES)
def claim_the_rest_goes_through_the_initial_weights(world: Vectors) -> Relation:
    training, images = world.images()
    layer = world.trained()
    predicted = identity_maps.connected_output(layer.start[0], training, images)
    return vanishes(images @ layer.weights[0].T - predicted, scale=float(np.linalg.norm(predicted)))
