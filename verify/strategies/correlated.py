"""Manifolds with correlated centres and axes, drawn from their definition without theory: the examples of K-01 to K-05."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from hypothesis import strategies as st

from empirical.separability import nested_features, points_and_balls


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
        """N = P (D + 1): in as many features as centres and axes, every dichotomy is separable."""
        return self.n_manifolds * (self.shape_dim + 1)

    def at(self, **changes: float) -> "Spheres":
        """Spheres with some parameters changed; they use the same random numbers if P and D are unchanged."""
        return replace(self, **changes)


def vectors(spheres: Spheres, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One draw of the centres, (P, N), and of the axes, (P, D, N)."""
    p, d = spheres.n_manifolds, spheres.shape_dim
    own = rng.standard_normal((p, d + 1, spheres.n_features))
    shared = rng.standard_normal((d + 1, spheres.n_features))
    psi, lam = spheres.center_correlation, spheres.axis_correlation
    centers = spheres.center_norm * (np.sqrt(1 - psi) * own[:, 0] + np.sqrt(psi) * shared[0])
    return centers, spheres.radius * (np.sqrt(1 - lam) * own[:, 1:] + np.sqrt(lam) * shared[1:])


def features_needed(spheres: Spheres, rng: np.random.Generator, guess: int = 0) -> int:
    """n*, the least number of nested features in which a random dichotomy of one draw is separable.

    :param guess: the start of the search, the middle if 0; n* does not depend on it.
    """
    labels = rng.choice([-1.0, 1.0], spheres.n_manifolds)
    centers, axes = vectors(spheres, rng)
    if spheres.shape_dim == 1:
        ends = points_and_balls.segment_ends(centers, axes[:, 0], 1.0)
        return least(lambda n: points_and_balls.separate(ends[..., :n], labels).separable, spheres.n_features, guess)
    touched: list[np.ndarray] = []

    def separable(n: int) -> bool:
        return points_and_balls.separate_balls(centers[:, :n], axes[..., :n], 1.0, labels, touched).separable

    return least(separable, spheres.n_features, guess)


def features_of_draws(spheres: Spheres, n: int, rng: np.random.Generator) -> np.ndarray:
    """n* of n fresh draws, (n,)."""
    if spheres.shape_dim == 1:
        return nested_features.least_of_draws(lambda: signed_ends(spheres, rng), n).astype(float)
    found: list[int] = []
    for _ in range(n):
        found.append(features_needed(spheres, rng, round(np.mean(found[-20:])) if found else 0))
    return np.array(found, dtype=float)


def signed_ends(spheres: Spheres, rng: np.random.Generator) -> np.ndarray:
    """One draw of random labels times the ends of the segments, (2 P, N)."""
    labels = rng.choice([-1.0, 1.0], spheres.n_manifolds)
    centers, axes = vectors(spheres, rng)
    ends = points_and_balls.segment_ends(centers, axes[:, 0], 1.0)
    return (labels[:, None, None] * ends).reshape(2 * spheres.n_manifolds, -1)


def least(separable: Callable[[int], bool], most: int, guess: int = 0) -> int:
    """The least n at which ``separable`` is true; it stays true beyond, and ``most`` is known to be enough.

    The search goes by steps of a few features from the guess until the answer changes, and then by bisection.
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
    """Spheres whose centres and axes share up to nine tenths of their variance.

    :param least_correlated: the lowest psi and lambda.
    """
    size, scales = (st.just(n_manifolds), st.just(shape_dim)), (rounded(0.3, 1.5), rounded(0.7, 1.5))
    correlations = rounded(least_correlated, 0.9), rounded(least_correlated, 0.9)
    return st.builds(Spheres, *size, *scales, *correlations)


def rounded(lowest: float, highest: float) -> st.SearchStrategy[float]:
    """Numbers between two bounds, rounded so that a failure is readable."""
    return st.floats(lowest, highest).map(lambda value: round(value, 3))


@dataclass(frozen=True)
class Tree:
    """2^levels clouds of M points, c^mu + spread u^mu_m, with the correlations of the leaves of a binary tree.

    Source: the benchmark of Wakhloo, Sussman & Chung 2023 (hierarchical correlations). They do not publish their covariances as
        numbers, so that those of the tree are chosen here. Leaves with k branchings in common have centres of correlation
        intensity k / (levels - 1); siblings have the whole intensity. The m-th points about these centres have the same
        correlations.

    leaning: how far the own part of every point leans towards the centre of its manifold; 0 leaves points and centres
        uncorrelated.
    """

    levels: int
    n_points: int
    spread: float
    intensity: float
    leaning: float = 0.0

    @property
    def n_manifolds(self) -> int:
        """P = 2^levels."""
        return 2**self.levels

    def coordinates(self) -> np.ndarray:
        """Coordinates of the points along their own vectors and, last, along the centre, (M, M + 1)."""
        return np.hstack([self.spread * np.eye(self.n_points), np.ones((self.n_points, 1))])

    def mixtures(self) -> np.ndarray:
        """Weights of the independent vectors in u^mu_i, (P, M + 1, number of vectors); C is the product with the transpose."""
        over_leaves, kinds = self._factors
        return np.einsum("pl,ik->pilk", over_leaves, kinds).reshape(self.n_manifolds, self.n_points + 1, -1)

    @cached_property
    def _factors(self) -> tuple[np.ndarray, np.ndarray]:
        """The mixtures over the leaves, (P, vectors of a kind), and over the kinds of vectors, (M + 1, M + 1)."""
        leaves = np.arange(self.n_manifolds)
        shares = [leaves[:, None] >> self.levels - depth == np.arange(2**depth) for depth in range(1, self.levels)]
        shared = [np.sqrt(self.intensity / len(shares)) * share for share in shares]
        kinds = np.eye(self.n_points + 1)
        kinds[:-1, -1] = self.leaning
        return np.hstack([*shared, np.sqrt(1 - self.intensity) * np.eye(len(leaves))]), kinds

    def covariance(self) -> np.ndarray:
        """C, (P, M + 1, P, M + 1); the centre is last."""
        mixtures = self.mixtures()
        return np.einsum("mia,nja->minj", mixtures, mixtures)

    def clouds(self, n_features: int, rng: np.random.Generator) -> np.ndarray:
        """One draw of the points, (P, M, N)."""
        over_leaves, kinds = self._factors
        drawn = rng.standard_normal((over_leaves.shape[1], len(kinds) * n_features))
        return (self.coordinates() @ kinds) @ (over_leaves @ drawn).reshape(self.n_manifolds, len(kinds), n_features)
