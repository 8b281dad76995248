"""The worlds that claims are drawn over, as hypothesis strategies; no theory.

In reading order:

    balls_and_clouds  balls of any size and dimension, point clouds, margins
    populations       points, segments and discs that may have much in common
    correlated        spheres and trees of clouds with correlated centres and axes
    linear_networks   images and classes that linear networks are trained on
    digits            manifolds of real images
"""
