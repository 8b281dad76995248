"""Z-02: a convolution trained to reproduce one image reproduces every image if and only if its patches span all patches.

Zhang et al. 2020, theorem 2, in exact form: the error at a pixel is (w_0c - delta_c) . (1 - P) q. Here q is the zero-padded
patch around the pixel, P the projector on the span of the r independent training patches, and delta_c the filter that copies
channel c. The error is 0 everywhere if and only if r = m/C.

The claim trains (conv2d, autograd, heavy ball) until the gradient is 1e-12 of the first gradient. White images keep the
singular values of the patches within a factor of 10; on smooth images descent would take up to 1e12 steps. The patches do not
span all patches in two cases: the channels are multiples of one another, or there are fewer pixels than weights.
"""

import numpy as np
from hypothesis import strategies as st

from theory.identity import identity_maps
from verify import Relation, both, claim, given, vanishes
from verify.counterfeits import planted
from verify.strategies.linear_networks import Picture, draws, scales

copying_forgotten = planted(
    "theory.identity.identity_maps.copying_filters", lambda right: lambda n_channels, kernel: 0 * right(n_channels, kernel)
)
# Sides: fewer pixels than a filter has weights, or at least four times as many.
SIDES = {(1, 3): (2, 7), (2, 3): (2, 9), (3, 3): (3, 11), (1, 5): (3, 11), (2, 5): (4, 15)}


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    """Images with fewer pixels than a filter has weights, or with many more, in independent or in proportional channels."""
    n_channels, kernel = draw(st.sampled_from(sorted(SIDES)))
    few, many = SIDES[n_channels, kernel]
    side, proportional = draw(st.sampled_from([(few, False), (many, False), (many, True)]))
    return Picture(n_channels, kernel, side, proportional, draw(scales(0.1, 2.0)), draw(draws))


@claim("Z-02", counterfeit=copying_forgotten, package="torch")
@given(examples=10, world=pictures())
def claim_a_convolution_errs_where_patches_are_new(world: Picture) -> Relation:
    from empirical.toy_models import linear_networks

    training, image = world.images()
    layer = world.trained()
    output = linear_networks.convolve(layer.weights[0], image[None])[0].numpy()
    predicted = identity_maps.convolved_errors(layer.start[0], training, image)
    everything = world.n_channels * world.kernel**2
    spans = len(identity_maps.patch_basis(training, world.kernel)) == everything
    reproduced = np.abs(output - image).max() < 1e-6 * np.abs(image).max()
    return both(vanishes(output - image - predicted, scale=float(np.linalg.norm(image))), vanishes(float(spans != reproduced)))
