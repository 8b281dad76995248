"""Manifolds with correlated centres and axes, drawn from their definition without theory: the examples of K-01 to K-05."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from hypothesis import strategies as st

from empirical.separability import many_balls, nested_features, points_and_balls

# Whether some draws are separable: from their numbers, (k,), and how many of the first features each may use, (k,).
Separable = Callable[[np.ndarray, np.ndarray], np.ndarray]
# Draws whose least numbers are searched together, and those at first.
AT_A_TIME, FIRST = 500, 20


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


def features_of_draws(spheres: Spheres, n: int, rng: np.random.Generator) -> np.ndarray:
    """n* of n fresh draws, (n,)."""
    if spheres.shape_dim == 1:
        return nested_features.least_of_draws(lambda: signed_ends(spheres, rng), n).astype(float)
    found: list[float] = []
    while len(found) < n:
        # The first few say where the search of the others starts.
        drawn = [signed_balls(spheres, rng) for _ in range(min(AT_A_TIME if found else FIRST, n - len(found)))]
        separable = in_first_features(*(np.stack(parts) for parts in zip(*drawn, strict=True)))
        found += least(separable, len(drawn), spheres.n_features, round(np.mean(found)) if found else 0).tolist()
    return np.array(found, dtype=float)


def signed_ends(spheres: Spheres, rng: np.random.Generator) -> np.ndarray:
    """One draw of random labels times the ends of the segments, (2 P, N)."""
    labels = rng.choice([-1.0, 1.0], spheres.n_manifolds)
    centers, axes = vectors(spheres, rng)
    ends = points_and_balls.segment_ends(centers, axes[:, 0], 1.0)
    return (labels[:, None, None] * ends).reshape(2 * spheres.n_manifolds, -1)


def signed_balls(spheres: Spheres, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One draw of random labels times the centres, (P, N), and of the axes, (P, D, N)."""
    labels = rng.choice([-1.0, 1.0], spheres.n_manifolds)
    centers, axes = vectors(spheres, rng)
    return labels[:, None] * centers, axes


def in_first_features(signed: np.ndarray, axes: np.ndarray) -> Separable:
    """Whether some of n draws of balls, (n, P, N) and (n, P, D, N), are separable in their first features."""

    def separable(draws: np.ndarray, n_features: np.ndarray) -> np.ndarray:
        most = int(n_features.max())
        # Features in which all balls are 0 stand for those that there are not.
        there = (np.arange(most) < n_features[:, None])[:, None]
        centers, own = signed[draws, :, :most] * there, axes[draws, ..., :most] * there[:, None]
        return many_balls.separable(centers, own, 1.0, np.ones(centers.shape[:2]))

    return separable


def least(separable: Separable, n_draws: int, most: int, guess: int = 0) -> np.ndarray:
    """The least n at which each draw is separable, (n_draws,); it is beyond, and in ``most``.

    The search goes by steps of a few features from the guess until the answer changes, and then by bisection.

    :param guess: the start of the search, the middle if 0; the least n does not depend on it.
    """
    too_few, enough, n = np.zeros(n_draws, dtype=int), np.full(n_draws, most), np.full(n_draws, guess or most // 2)
    stride, n = max(1, round(np.sqrt(most) / 3)), np.minimum(n, most - 1)
    while len(left := np.flatnonzero(enough - too_few > 1)):
        found = separable(left, n[left])
        enough[left[found]], too_few[left[~found]] = n[left[found]], n[left[~found]]
        n = (too_few + enough) // 2
        n = np.where(enough == most, np.minimum(n, too_few + stride), np.where(too_few == 0, np.maximum(n, enough - stride), n))
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
