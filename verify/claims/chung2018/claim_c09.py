"""C-09: under sparse labels, the capacity of balls in 50 dimensions follows the large-dimension law to within 3 %.

Chung, Lee & Sompolinsky 2018, sparse labels: a fraction f of the labels is +1, and the readout has the optimal threshold. The
law has two regimes: the manifolds of the minority are fully supporting, or they are touched. The claim compares the law with
the exact minimization over the threshold, at margin 0, for radii from 5 to 50 and f from 0.02 to 1/2. At smaller f (1 + R^2)
the law does not hold: at R = 5 and f = 0.005 it is 7.5 % high.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from theory.capacity import sparse_labels
from verify import Relation, approximates, claim, given
from verify.counterfeits import planted

SHAPE_DIM = 50


def touched_everywhere(right: Callable) -> Callable:
    """The law without its regime of fully supporting manifolds."""

    def capacity(fraction, radius, shape_dim):
        square = np.asarray(radius) ** 2
        return (1 + square) / (4 * fraction * (1 - fraction) * square * shape_dim)

    return capacity


@claim("C-09", counterfeit=planted("theory.capacity.sparse_labels.large_capacity", touched_everywhere))
@given(
    radius=st.floats(5.0, 50.0).map(lambda radius: round(radius, 2)),
    fraction=st.floats(0.02, 0.5).map(lambda fraction: round(fraction, 3)),
)
def claim_sparse_capacity_follows_the_law(radius: float, fraction: float) -> Relation:
    exact = sparse_labels.capacity(fraction, 0.0, radius, SHAPE_DIM)
    return approximates(sparse_labels.large_capacity(fraction, radius, SHAPE_DIM), exact, effect=0.03)
