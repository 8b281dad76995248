"""Populations of manifolds whose correlations are known: balls, trees, and clouds like those of a layer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from verify.strategies.correlated import Tree

Clouds = np.ndarray  # (P, M, N)
STRENGTHS = (0.0, 0.4, 0.7, 0.85, 0.95)
INTENSITIES = (0.8, 0.95)
MANIFOLDS = (5, 10, 20, 60, 100)


@dataclass(frozen=True)
class Population:
    """Manifolds drawn from a distribution.

    n_manifolds: P. draw: clouds from a random generator. center_mean: whether the mean of all points is subtracted.
    """

    name: str
    n_manifolds: int
    draw: Callable[[np.random.Generator], Clouds]
    center_mean: bool = False


def balls(strength: float, rng: np.random.Generator, n_manifolds: int = 60) -> Clouds:
    """Balls of radius 0.25 in 4 dimensions, 15 points each, in 2 P features.

    :param strength: share of the centres' norm, 0..1, that lies in three directions common to all centres.
    """
    n_points, shape_dim, n_features, radius, rank = 15, 4, 2 * n_manifolds, 0.25, 3
    shared = rng.standard_normal((n_manifolds, rank)) @ rng.standard_normal((rank, n_features)) / np.sqrt(rank)
    own = rng.standard_normal((n_manifolds, n_features))
    axes = rng.standard_normal((n_manifolds, shape_dim, n_features))
    points = rng.standard_normal((n_manifolds, n_points, shape_dim))
    points *= radius / np.linalg.norm(points, axis=2, keepdims=True)
    centers = np.sqrt(1 - strength**2) * own + strength * shared
    return (centers[:, None] + points @ axes) / np.sqrt(n_features)


def layer_like(n_manifolds: int, rng: np.random.Generator, n_points: int = 20, n_features: int = 1000) -> Clouds:
    """Clouds whose centres and offsets have one covariance in common, with variances 1, 1/2, 1/3, ... along the features."""
    deviation = 1 / np.sqrt(np.arange(1, n_features + 1))
    centers = rng.standard_normal((n_manifolds, 1, n_features))
    return (centers + rng.standard_normal((n_manifolds, n_points, n_features))) * deviation


def populations(largest: int) -> list[Population]:
    """The populations of the table: balls, trees of 32 manifolds of 8 points in 600 features, and clouds like a layer's.

    :param largest: populations of more manifolds are left out.
    """
    found = [Population(f"balls, shared {one:g}", 60, lambda rng, one=one: balls(one, rng)) for one in STRENGTHS]
    for one in INTENSITIES:
        tree = Tree(5, 8, 0.3, one)
        found.append(Population(f"tree, shared {one:g}", 32, lambda rng, tree=tree: tree.clouds(600, rng)))
    for one in MANIFOLDS:
        found.append(Population(f"layer-like, P = {one}", one, lambda rng, one=one: layer_like(one, rng), center_mean=True))
    return [one for one in found if one.n_manifolds <= largest]
