"""W-02: on nearly orthonormal data, the logarithm of the compression falls linearly over the layers.

Wang et al. 2025, main theorem: examples of unit norm whose cosines lie within +- theta / (n K), theta up to 1, which is the
paper's assumption. A least-squares line through log C_l, l = 0 .. L - 1, explains more than 99 % of its variance. The networks
are trained as in W-01; they have four or five layers, so that a line can fail.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from empirical.geometry import compression
from verify import Relation, approximates, claim, given
from verify.counterfeits import planted
from verify.strategies.linear_networks import Classes, draws, scales, straightness


def about_the_origin(right: Callable) -> Callable:
    """A compression that takes the scatter within classes about the origin, not about the class means."""

    def compression(features):
        means = features.mean(-2)
        between = ((means - means.mean(-2, keepdims=True)) ** 2).sum(-1).mean(-1)
        return (features**2).sum(-1).mean((-1, -2)) / between

    return compression


EXAMPLES = st.builds(
    Classes, st.integers(2, 3), st.integers(3, 8), st.integers(4, 5), scales(0.2, 0.5), draws, noise=st.sampled_from([0.3, 1.0])
)


@claim("W-02", counterfeit=planted("empirical.geometry.compression.compression", about_the_origin), package="torch")
@given(examples=6, world=EXAMPLES)
def claim_compression_is_geometric(world: Classes) -> Relation:
    compressions = compression.compression(world.features())
    return approximates(1.0, straightness(np.log(compressions)), effect=0.01)
