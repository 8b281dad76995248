"""P-01.centres: the centres of the published package's own example have the correlation and rank that its authors print.

Package of Cohen et al. 2020, README: 100 manifolds of 50 independent Gaussian points in 5,000 features have centre correlation
0.01 and K = 1. The claim compares to the digit that is printed. Independent centres have a mean absolute cosine of sqrt(2 /
(5000 pi)) = 0.011, and of 0.014 about their mean. K starts at 1: the package removes one direction although there is nothing to
remove.
"""

from collections.abc import Callable

import numpy as np

from verify import Relation, claim, given, matches
from verify.claims.cohen2020.claim_p01 import SHAPE, example
from verify.counterfeits import planted
from verify.strategies.linear_networks import draws


def in_two_camps(right: Callable) -> Callable:
    """A measurement of clouds of which half are moved to one side."""
    camps = np.repeat([0.1, -0.1], SHAPE[0] // 2)[:, None, None]
    return lambda clouds, **options: right(clouds + camps, **options)


@claim("P-01.centres", counterfeit=planted("theory.geometry.manifolds.manifold_geometry", in_two_camps))
@given(examples=1, draw=draws)
def claim_the_examples_centres_are_uncorrelated(draw: int) -> Relation:
    found = example([draw, *SHAPE])
    return matches(np.array([0.01, 1.0]), np.array([round(found.center_correlation, 2), found.center_rank]))
