"""Populations of point clouds: the examples of claims about joint anchors and effective geometry."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st


@dataclass(frozen=True)
class Population:
    """P clouds of M points: points at M = 1, segments at M = 2, and clouds in a plane about their centre at larger M.

    There are as many features as centres and axes, so that every dichotomy is separable.

    spread: length of a cloud's points along each axis; the axes are as long as the centre's own Gaussian part.
    shared: length of a part that all centres have in common, which makes their cones lean towards each other.
    """

    n_manifolds: int
    n_points: int
    spread: float
    shared: float

    @property
    def shape_dim(self) -> int:
        """D, the number of axes of a cloud."""
        return min(self.n_points - 1, 2)

    @property
    def n_features(self) -> int:
        """N = P (D + 1)."""
        return self.n_manifolds * (self.shape_dim + 1)

    def clouds(self, rng: np.random.Generator) -> np.ndarray:
        """One draw of the points, (P, M, N)."""
        basis = rng.standard_normal((self.n_manifolds, self.shape_dim + 1, self.n_features))
        common = self.shared * rng.standard_normal(self.n_features)
        coordinates = self.spread * rng.standard_normal((self.n_manifolds, self.n_points, self.shape_dim))
        return common + basis[:, :1] + coordinates @ basis[:, 1:]

    def labels(self, rng: np.random.Generator, *n: int) -> np.ndarray:
        """A random dichotomy, (P,), or n of them, (n, P)."""
        return rng.choice([-1.0, 1.0], (*n, self.n_manifolds))

    def probes(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """n probes of random directions, each before its opposite, of the mean squared length of Gaussian ones, (n, N)."""
        drawn = rng.standard_normal((n // 2, self.n_features))
        drawn *= np.sqrt(self.n_features) / np.linalg.norm(drawn, axis=1, keepdims=True)
        return np.stack([drawn, -drawn], axis=1).reshape(n, -1)


def populations(fewest_points: int, most_points: int, most_manifolds: int = 30) -> st.SearchStrategy[Population]:
    """Populations of at least 4 manifolds; the shared part of their centres is from 0 to twice the own part."""
    spread, shared = (st.floats(lowest, 2.0).map(lambda ratio: round(ratio, 3)) for lowest in (0.2, 0.0))
    return st.builds(Population, st.integers(4, most_manifolds), st.integers(fewest_points, most_points), spread, shared)


@dataclass(frozen=True)
class Recovery:
    """The protocol that recovers effective geometry: two manifolds of M points in N features, and n draws of t and y."""

    n_points: int = 200
    n_features: int = 300
    n_draws: int = 50
    n_manifolds: int = 2

    def clouds(self, shape_dim: int, radius: float, rng: np.random.Generator) -> np.ndarray:
        """Points on spheres of D dimensions about Gaussian centres of norm 1, with noise of norm 0.01, (P, M, N).

        Source: Chou et al. 2025, App. D.1.1: x = u_0 + R unit(sum_j s_j u_j) + 0.01 v; u_j, v ~ N(0, I/N), s_j ~ N(0, 1).
        """
        p, m, n = self.n_manifolds, self.n_points, self.n_features
        basis = rng.standard_normal((p, shape_dim + 1, n)) / np.sqrt(n)
        offsets = rng.standard_normal((p, m, shape_dim)) @ basis[:, 1:]
        offsets *= radius / np.linalg.norm(offsets, axis=-1, keepdims=True)
        return basis[:, :1] + offsets + 0.01 * rng.standard_normal((p, m, n)) / np.sqrt(n)
