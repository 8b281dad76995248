"""The geometry of point clouds: manifold capacity, radius and dimension."""

from theory.geometry.grams import Grams
from theory.geometry.manifolds import ManifoldGeometry, manifold_geometry

__all__ = ["Grams", "ManifoldGeometry", "manifold_geometry"]
