"""W-03: class means grow apart linearly over the layers: 1 - D_l falls on a line that reaches 0 at the last layer.

Wang et al. 2025, main theorem. 1 - D_l is the largest cosine between two class means. In the K directions that the least-norm
solution reads, the Gram matrix of the class means at layer l is ((Y (X^T X)^-1 Y^T)^-1)^(1 - l/L). Its off-diagonal shrinks as
1 - l/L to first order (for two classes as tanh((1 - l/L) artanh c)).

The classes have means with cosines of some tenths, well above what residual directions add at eps <= 0.15. The networks are
trained as in W-01. A line through layers 1 to L - 1 explains more than 99 % of the variance, and is 0 at l = L to within 5 %.
The values are the predicted ones to within 10 %: the start adds terms of order eps^2, as in W-01, and the last value is itself
at most a few hundredths.
"""

import numpy as np
from hypothesis import strategies as st

from empirical.geometry import compression
from theory.learning import deep_linear_networks
from verify import Relation, approximates, both, claim, given
from verify.counterfeits import planted
from verify.strategies.linear_networks import Classes, draws, scales, straightness

one_layer_late = planted(
    "theory.learning.deep_linear_networks.mean_gram", lambda right: lambda inputs, layer, depth: right(inputs, layer - 1, depth)
)
EXAMPLES = st.builds(
    Classes,
    st.integers(2, 3),
    st.integers(4, 8),
    st.just(4),
    scales(0.1, 0.15),
    draws,
    room=st.just(12),
    noise=st.just(0.1),
    within=st.just(0.55),
    between=st.just(0.25),
)


@claim("W-03", counterfeit=one_layer_late, package="torch")
@given(examples=3, world=EXAMPLES)
def claim_discrimination_is_linear(world: Classes) -> Relation:
    layers = np.arange(1, world.depth)
    cosines = 1 - compression.discrimination(world.features())[1:]
    predicted = 1 - deep_linear_networks.gram_discrimination(
        deep_linear_networks.mean_gram(world.inputs(), layers, world.depth)
    )
    slope, intercept = np.polyfit(layers, cosines, 1)
    return both(
        approximates(predicted, cosines, effect=0.1),
        approximates(1.0, straightness(cosines), effect=0.01),
        approximates(world.depth, -intercept / slope, effect=0.05),
    )
