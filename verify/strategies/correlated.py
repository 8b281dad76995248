"""Manifolds whose centres and axes are correlated, drawn as they are defined, with no theory: the worlds of K-01 to K-05."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from empirical.separability import points_and_balls


@dataclass(frozen=True)
class Spheres:
    """P spheres of D dimensions with equally correlated centres (psi) and axes (lambda); D = 1 is a segment."""

    n_manifolds: int
    shape_dim: int
    radius: float
    center_norm: float
    center_correlation: float
    axis_correlation: float

    @property
    def n_features(self) -> int:
        """In as many features as centres and axes every dichotomy is separable."""
        return self.n_manifolds * (self.shape_dim + 1)

    def at(self, **changes) -> "Spheres":
        """The same world but for some parameters; on the same random numbers if P and D are the same."""
        return replace(self, **changes)


def vectors(spheres: Spheres, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One draw of the centres, (P, N), and axes, (P, D, N)."""
    p, d = spheres.n_manifolds, spheres.shape_dim
    own = rng.standard_normal((p, d + 1, spheres.n_features))
    shared = rng.standard_normal((d + 1, spheres.n_features))
    psi, lam = spheres.center_correlation, spheres.axis_correlation
    centers = spheres.center_norm * (np.sqrt(1 - psi) * own[:, 0] + np.sqrt(psi) * shared[0])
    return centers, spheres.radius * (np.sqrt(1 - lam) * own[:, 1:] + np.sqrt(lam) * shared[1:])


def features_needed(spheres: Spheres, rng: np.random.Generator, guess: int = 0) -> int:
    """n*, the least number of nested features in which a random dichotomy of one draw is separable.

    :param guess: where the search starts, in the middle if 0; n* does not depend on it.
    """
    labels = rng.choice([-1.0, 1.0], spheres.n_manifolds)
    centers, axes = vectors(spheres, rng)
    if spheres.shape_dim == 1:
        ends = points_and_balls.segment_ends(centers, axes[:, 0], 1.0)
        return least(lambda n: points_and_balls.separate(ends[..., :n], labels).separable, spheres.n_features, guess)
    return least(
        lambda n: points_and_balls.separate_balls(centers[:, :n], axes[..., :n], 1.0, labels).separable,
        spheres.n_features,
        guess,
    )


def features_of_draws(spheres: Spheres, n: int, rng: np.random.Generator) -> np.ndarray:
    """n* of n fresh draws, (n,)."""
    found: list[int] = []
    for _ in range(n):
        found.append(features_needed(spheres, rng, round(np.mean(found[-20:])) if found else 0))
    return np.array(found, dtype=float)


def least(separable: Callable[[int], bool], most: int, guess: int = 0) -> int:
    """The least n at which the answer, which stays once it is yes, is yes; ``most`` is known to be enough.

    By steps of a few features from the guess, until the answer changes, and then by bisection.
    """
    too_few, enough, n = 0, most, min(guess or most // 2, most - 1)
    stride = max(1, round(np.sqrt(most) / 3))
    while enough - too_few > 1:
        too_few, enough = (too_few, n) if separable(n) else (n, enough)
        n = (too_few + enough) // 2
        if enough == most:
            n = min(n, too_few + stride)
        elif too_few == 0:
            n = max(n, enough - stride)
        stride *= 2
    return enough


def spheres(n_manifolds: int, shape_dim: int, least_correlated: float = 0.0) -> st.SearchStrategy[Spheres]:
    """Up to nine tenths of their variance are shared.

    :param least_correlated: psi and lambda at least.
    """
    size, scales = (st.just(n_manifolds), st.just(shape_dim)), (rounded(0.3, 1.5), rounded(0.7, 1.5))
    correlations = rounded(least_correlated, 0.9), rounded(least_correlated, 0.9)
    return st.builds(Spheres, *size, *scales, *correlations)


def rounded(lowest: float, highest: float) -> st.SearchStrategy[float]:
    return st.floats(lowest, highest).map(lambda value: round(value, 3))


@dataclass(frozen=True)
class Tree:
    """2^levels clouds of M points: c^mu + spread u^mu_m, whose correlations are those of the leaves of a binary tree.

    Source: the benchmark of Wakhloo, Sussman & Chung 2023 (hierarchical correlations); its covariances are not published as
    numbers, so the tree's are chosen here. The centres of leaves that have k branchings in common have a correlation of
    intensity k / (levels - 1), siblings all of the intensity, and so have the m-th points about them.

    leaning: of every point's own part towards the centre of its manifold; 0 leaves points uncorrelated with centres.
    """

    levels: int
    n_points: int
    spread: float
    intensity: float
    leaning: float = 0.0

    @property
    def n_manifolds(self) -> int:
        return 2**self.levels

    def coordinates(self) -> np.ndarray:
        """Of the points along their own vectors and, last, the centre, (M, M + 1)."""
        return np.hstack([self.spread * np.eye(self.n_points), np.ones((self.n_points, 1))])

    def mixtures(self) -> np.ndarray:
        """Of which independent vectors u^mu_i are made, (P, M + 1, number of these); C is the product with its transpose."""
        leaves = np.arange(self.n_manifolds)
        shares = [leaves[:, None] >> self.levels - depth == np.arange(2**depth) for depth in range(1, self.levels)]
        shared = [np.sqrt(self.intensity / len(shares)) * share for share in shares]
        over_leaves = np.hstack([*shared, np.sqrt(1 - self.intensity) * np.eye(len(leaves))])
        kinds = np.eye(self.n_points + 1)
        kinds[:-1, -1] = self.leaning
        return np.einsum("pl,ik->pilk", over_leaves, kinds).reshape(len(leaves), self.n_points + 1, -1)

    def covariance(self) -> np.ndarray:
        """C, (P, M + 1, P, M + 1), the centre last."""
        mixtures = self.mixtures()
        return np.einsum("mia,nja->minj", mixtures, mixtures)

    def clouds(self, n_features: int, rng: np.random.Generator) -> np.ndarray:
        """One draw of the points, (P, M, N)."""
        mixtures = self.mixtures()
        drawn = rng.standard_normal((mixtures.shape[-1], n_features))
        return self.coordinates() @ (mixtures @ drawn)
