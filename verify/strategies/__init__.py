"""What hypothesis draws for the claims that draw their own examples; no theory.

- balls_and_clouds: balls in a number of features, and clouds of points with probes.
- populations: several clouds whose centres have a part in common.
- correlated: manifolds with correlated centres and axes.
- linear_networks: data that linear networks are trained on.
- digits: manifolds of real images.
"""
