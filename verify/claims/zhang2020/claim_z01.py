"""Z-01: a fully connected layer that learned to reproduce an image keeps what others have of it, and scrambles the rest.

Zhang et al. 2020, theorem 1: f(x) = P x + W_0 (1 - P) x, P the projector on the training image, W_0 the initial weights; the
same with P on the span of two or three images. Measured by training Gaussian weights by gradient descent until the gradient is
1e-12 of the first, and showing the layer other images. White images of at least ten pixels keep several of them well
conditioned.
"""

import numpy as np
from hypothesis import strategies as st

from theory.learning import identity_maps
from verify import claim, given, vanishes
from verify.counterfeits import planted
from verify.strategies.linear_networks import Vectors, draws, scales

what_was_learned_twice = planted(
    "theory.learning.identity_maps.connected_output",
    lambda right: lambda weights, training, images: right(np.eye(len(weights)) - weights, training, images),
)
WORLDS = st.builds(Vectors, st.integers(10, 30), st.integers(1, 3), scales(0.1, 2.0), draws)


@claim("Z-01", counterfeit=what_was_learned_twice, package="torch")
@given(examples=8, world=WORLDS)
def claim_the_rest_goes_through_the_initial_weights(world: Vectors):
    training, images = world.images()
    layer = world.trained()
    predicted = identity_maps.connected_output(layer.start[0], training, images)
    return vanishes(images @ layer.weights[0].T - predicted, scale=float(np.linalg.norm(predicted)))
