"""Manifold capacity, radius and dimension of point clouds.

The files stand in the order in which a measurement passes through them:

    clouds               a folder: clouds of any kind, and neural recordings, as blocks of points in rows
    manifolds            manifold_geometry, which takes clouds and returns capacity, radius and dimension
    gram_accumulation    computes the inner products of the clouds
    cavity               measures each manifold in what the active points of the others leave of it
    joint_products       finds what is left of a manifold outside the span of other points
    errors_over_points   measures random halves of the points, for errors that cover the choice of points
    redrawn_points       takes halves of the points, and shuffles labels
    center_correlations  finds the directions that the centres share
    frames               writes each manifold in coordinates of its own offsets
    anchor_statistics    draws the probes; averages displacements and anchors
    anchors              solves the inner problem: projects a probe and finds its anchor
    grams                the record of inner products that the files above pass on
    remaining_cosines    the objective that center_correlations minimizes
    joint_anchors        solves the inner problem of all manifolds at once, for given labels
    glue                 effective geometry (GLUE), computed from joint anchors
    sample_sizes         how capacity, radius and dimension change with the numbers of points and of manifolds
"""

from theory.geometry.clouds.recordings import clouds_of_recording
from theory.geometry.grams import Grams
from theory.geometry.manifolds import ManifoldGeometry, manifold_geometry

__all__ = ["Grams", "ManifoldGeometry", "clouds_of_recording", "manifold_geometry"]
