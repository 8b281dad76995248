"""The geometry of point clouds: manifold capacity, radius and dimension.

In reading order, one probe's way:

    manifolds            manifold_geometry: clouds in, capacity, radius and dimension out; it calls the next four in turn
    gram_accumulation    clouds as inner products
    center_correlations  the directions that centres share, and their removal
    frames               each manifold in coordinates of its own
    anchor_statistics    probes drawn, and what their anchors say
    anchors              the inner problem: where a probe touches a manifold
    grams                the record of inner products that the first four hand on
    remaining_cosines    what center_correlations minimizes
    joint_anchors        the inner problem of all manifolds at once, under labels
    glue                 effective geometry, which the joint anchors give
"""

from theory.geometry.grams import Grams
from theory.geometry.manifolds import ManifoldGeometry, manifold_geometry

__all__ = ["Grams", "ManifoldGeometry", "manifold_geometry"]
