"""C-09.collapse: under sparse labels, the capacity of large balls depends only on f (1 + R^2), to within 3 %.

Chung, Lee & Sompolinsky 2018: a universal scaling between the sparsity of labels and the radius. An example is two radii from
10 to 100 and a value of f (1 + R^2) from 1/2 to 10, where f is the fraction of labels that are +1. Each radius gets the f that
gives this value, which is at most a tenth. The capacities are those of balls in 50 dimensions, by exact minimization over the
threshold at margin 0. Corrections are of relative order f.
"""

import numpy as np
from hypothesis import strategies as st

from theory.capacity import sparse_labels
from verify import Relation, approximates, claim, given
from verify.counterfeits import planted

SHAPE_DIM = 50
radius_alone = planted(
    "theory.capacity.sparse_labels.effective_fraction", lambda right: lambda f, radius: np.asarray(f) * np.asarray(radius)
)


def large_radii() -> st.SearchStrategy[float]:
    """Radii from 10 to 100 centre norms."""
    return st.floats(10.0, 100.0).map(lambda radius: round(radius, 1))


@claim("C-09.collapse", counterfeit=radius_alone)
@given(one=large_radii(), other=large_radii(), effective=st.floats(0.5, 10.0).map(lambda ratio: round(ratio, 2)))
def claim_capacity_collapses(one: float, other: float, effective: float) -> Relation:
    radii = np.array([one, other])
    fractions = effective / sparse_labels.effective_fraction(1.0, radii)
    capacities = sparse_labels.capacity(fractions, 0.0, radii, SHAPE_DIM)
    return approximates(capacities[0], capacities[1], effect=0.03)
