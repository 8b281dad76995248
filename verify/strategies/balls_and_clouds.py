"""Examples of balls in a number of features, and of point clouds with probes."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

MOST_MANIFOLDS = 8
MOST_DIMENSIONS = 4


@dataclass(frozen=True)
class Shape:
    """A ball of radius R in D dimensions, R in units of the centre norm; D = 0 is a point, and D = 1 is a segment."""

    radius: float
    shape_dim: int


@dataclass(frozen=True)
class Balls:
    """P manifolds of one shape in N features."""

    shape: Shape
    n_manifolds: int
    n_features: int


def radii() -> st.SearchStrategy[float]:
    """Radii from small relative to the centre norm to several centre norms, rounded so that a failure is readable."""
    return st.floats(0.05, 5.0).map(lambda radius: round(radius, 3))


def margins(lowest: float = -3.0, highest: float = 4.0) -> st.SearchStrategy[float]:
    """Margins in standardized units."""
    return st.floats(lowest, highest).map(lambda margin: round(margin, 4))


@st.composite
def many_balls(draw: st.DrawFn, fewest_dimensions: int = 0, most_dimensions: int = MOST_DIMENSIONS) -> Balls:
    """P manifolds of one shape; N ranges from where points become separable to where whole subspaces do."""
    shape = Shape(draw(radii()), draw(st.integers(fewest_dimensions, most_dimensions)))
    n_manifolds = draw(st.integers(2, MOST_MANIFOLDS))
    lowest = max(1, n_manifolds // 2 - 1)
    n_features = draw(st.integers(lowest, n_manifolds * (shape.shape_dim + 1)))
    return Balls(shape, n_manifolds, n_features)


@dataclass(frozen=True)
class Cloud:
    """A manifold of M points in D dimensions about its centre, and probes; ``draw`` numbers the draws of one size."""

    n_points: int
    shape_dim: int
    spread: float
    draw: int

    def coordinates(self) -> np.ndarray:
        """The frame, (D + 1, M); its last row is 1."""
        offsets = self.spread * self._rng("points").standard_normal((self.shape_dim, self.n_points))
        return np.vstack([offsets, np.ones(self.n_points)])

    def probes(self, n_probes: int) -> np.ndarray:
        """Standard Gaussian probes, (D + 1, n)."""
        return self._rng("probes").standard_normal((self.shape_dim + 1, n_probes))

    def mixtures(self, n_mixtures: int) -> np.ndarray:
        """Weights of convex combinations of the points, (M, n); columns sum to 1."""
        return self._rng("mixtures").dirichlet(np.ones(self.n_points), n_mixtures).T

    def _rng(self, stream: str) -> np.random.Generator:
        return np.random.default_rng([self.n_points, self.shape_dim, self.draw, *stream.encode()])


def clouds() -> st.SearchStrategy[Cloud]:
    """Clouds with fewer points than dimensions to clouds with many more."""
    return st.builds(Cloud, st.integers(1, 15), st.integers(1, 8), radii(), st.integers(0, 2**16))
