"""K-04: correlated clouds become separable, on average, at the number of features that the correlated theory predicts.

Wakhloo, Sussman & Chung 2023, the benchmark of their capacity for Gaussian manifolds of any covariance: P / capacity, at margin
0. They print 0.861 where simulation gives 0.863 (mean error 1.2 % over intensities, at P = 80). At every P, E n* = P / capacity
+ 1/2 is exact (theory.capacity.correlated_clouds).

Here eight clouds of three or four points lie on a binary tree, and their points lean towards their centre. n* is measured
without theory, from the independent vectors that make up the tree. The clouds need some seven features, and independent
manifolds need up to a fifth less; the effect is 0.6 features. The four parts of 1/capacity add up exactly: what manifolds owe
to themselves, to each other's centres, to each other's axes, and to centres with axes.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from empirical.separability import nested_features
from theory.capacity import correlated_clouds
from verify import Relation, agrees, both, claim, given, matches
from verify.counterfeits import planted
from verify.strategies.correlated import Tree, rounded


def mean_field(right: Callable) -> Callable:
    """A capacity in which the covariance between any two manifolds is 0."""

    def correlated_capacity(covariance, clouds, *options, **named):
        own = np.eye(len(covariance))[:, None, :, None]
        return right(covariance * own, clouds, *options, **named)

    return correlated_capacity


PROBES, DICHOTOMIES = 8, 3


@claim("K-04", counterfeit=planted("theory.capacity.correlated_clouds.correlated_capacity", mean_field))
@given(
    examples=2, tree=st.builds(Tree, st.just(3), st.integers(3, 4), rounded(0.3, 0.6), rounded(0.85, 0.95), rounded(0.0, 0.5))
)
def claim_correlated_clouds_separate_at_the_predicted_features(tree: Tree) -> Relation:
    covariance, clouds = tree.covariance(), [tree.coordinates()] * tree.n_manifolds
    once = correlated_clouds.correlated_capacity(covariance, clouds, n_draws=20)

    def differences(n: int, rng: np.random.Generator) -> np.ndarray:
        populations = [(predicted(rng), signed(tree, DICHOTOMIES, rng)) for _ in range(n)]
        needed = nested_features.least_features(np.concatenate([points for _, points in populations]))
        return np.array([features for features, _ in populations]) + 0.5 - needed.reshape(n, DICHOTOMIES).mean(1)

    def predicted(rng: np.random.Generator) -> float:
        found = correlated_clouds.correlated_capacity(covariance, clouds, 0.0, PROBES, int(rng.integers(2**32)))
        return tree.n_manifolds / found.capacity.value

    return both(
        agrees(differences, effect=0.6, unit="features", counted="populations", pilot=100),
        matches(1 / once.capacity.value, sum(part.value for part in once.parts.values())),
    )


def signed(tree: Tree, n: int, rng: np.random.Generator) -> np.ndarray:
    """n draws of the clouds, times random labels, in as many features as make every dichotomy separable, (n, P M, features)."""
    labels, most = rng.choice([-1.0, 1.0], (n, tree.n_manifolds)), tree.n_manifolds * (tree.n_points + 1)
    drawn = np.stack([tree.clouds(most, rng) for _ in range(n)])
    return (labels[:, :, None, None] * drawn).reshape(n, -1, most)
