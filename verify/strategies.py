"""Hypothesis strategies: the worlds that claims are drawn over."""

from dataclasses import dataclass

from hypothesis import strategies as st

MOST_MANIFOLDS = 8
MOST_DIMENSIONS = 4


@dataclass(frozen=True)
class Shape:
    """A ball of radius R in D dimensions, R in centre-norm units; D = 0 is a point, D = 1 a segment."""

    radius: float
    shape_dim: int


@dataclass(frozen=True)
class World:
    """P manifolds in N features."""

    shape: Shape
    n_manifolds: int
    n_features: int


def radii() -> st.SearchStrategy[float]:
    """From small against the centre norm to several times it, rounded so that a failure is readable."""
    return st.floats(0.05, 5.0).map(lambda radius: round(radius, 3))


def margins(lowest: float = -3.0, highest: float = 4.0) -> st.SearchStrategy[float]:
    """Margins in standardized units."""
    return st.floats(lowest, highest).map(lambda margin: round(margin, 4))


@st.composite
def worlds(draw, fewest_dimensions: int = 0, most_dimensions: int = MOST_DIMENSIONS) -> World:
    """P manifolds of one shape; N anywhere from where points, to where whole subspaces, become separable."""
    shape = Shape(draw(radii()), draw(st.integers(fewest_dimensions, most_dimensions)))
    n_manifolds = draw(st.integers(2, MOST_MANIFOLDS))
    lowest = max(1, n_manifolds // 2 - 1)
    n_features = draw(st.integers(lowest, n_manifolds * (shape.shape_dim + 1)))
    return World(shape, n_manifolds, n_features)
