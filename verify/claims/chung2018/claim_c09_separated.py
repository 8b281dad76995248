"""C-09.separated: with sparse labels and a threshold, P manifolds need P / capacity(f) random features, to within 1.

Chung, Lee & Sompolinsky 2018. P points or segments have Gaussian centres and axes, and exactly fP of them have the label +1. n*
is the number of nested features that they need, in addition to a threshold, to become separable through the origin; it is
measured without theory. The mean of n*/P differs from 1 / capacity(f) by at most 1/P.

The threshold adds a line to the joint cone, so that E n* = 1/2 + E min over b of the sum of the manifolds' displacements at
margins +b and -b. The mean of this minimum is below the minimum of the mean, P / capacity(f), by V / 2H at leading order (V the
variance of the sum's slope in b, H its mean curvature). Projections do not expand, so that Poincare's inequality gives V <= 2H.
Hence E n* - P / capacity(f) lies between -1/2 and 1/2 at leading order, and the bound of 1 is twice that.
"""

import numpy as np
from hypothesis import strategies as st

from empirical.separability import nested_features, points_and_balls
from theory.capacity import sparse_labels
from verify import Relation, agrees, both, claim, given
from verify.counterfeits import planted

SIZES = (10, 20, 40)
without_threshold = planted("theory.capacity.sparse_labels.optimal_bias", lambda right: lambda fraction, *shape: 0.0)


@claim("C-09.separated", counterfeit=without_threshold)
@given(
    examples=3,
    # With a whole number of them at every size.
    fraction=st.sampled_from([0.1, 0.2, 0.3]),
    radius=st.just(0.0) | st.floats(0.2, 2.0).map(lambda radius: round(radius, 2)),
)
def claim_a_threshold_makes_sparse_labels_easier(fraction: float, radius: float) -> Relation:
    predicted = float(1 / sparse_labels.capacity(fraction, 0.0, radius))
    return both(*(needs(predicted, fraction, radius, size) for size in SIZES))


def needs(predicted: float, fraction: float, radius: float, n_manifolds: int) -> Relation:
    """The relation that the mean of n*/P is the predicted one to within 1/P."""
    labels = np.where(np.arange(n_manifolds) < round(fraction * n_manifolds), 1.0, -1.0)

    def differences(n: int, rng: np.random.Generator) -> np.ndarray:
        needed = nested_features.least_of_draws(lambda: signed(rng, labels, radius), n)
        return (needed - 1) / n_manifolds - predicted

    return agrees(differences, 1 / n_manifolds, "features/manifold", "dichotomies", pilot=100)


def signed(rng: np.random.Generator, labels: np.ndarray, radius: float) -> np.ndarray:
    """Labels times freshly drawn points, or ends of segments, (K, 1 + most); the first feature is the threshold's.

    Every dichotomy is separable in as many features as there are centres and axes.
    """
    n_manifolds, most = len(labels), len(labels) * (2 if radius else 1)
    centers, axes = rng.standard_normal((2, n_manifolds, most))
    ends = points_and_balls.segment_ends(centers, axes, radius) if radius else centers[:, None]
    features = np.concatenate([np.ones((*ends.shape[:2], 1)), ends], axis=2)
    return (labels[:, None, None] * features).reshape(-1, 1 + most)
