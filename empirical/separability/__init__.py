"""Whether points or shapes are linearly separable, decided with a certificate and without theory: what theory is held against.

- certificates: what counts as separated, and as not separable, and the error where it is neither.
- points_and_balls: points, segments and balls, separable or not.
- ellipsoids: ellipsoids of any radii.
- largest_margin: the largest margin of points.
- interior_point: thousands of points.
- estimate: a mean over draws and its standard error.
- simulated_capacity: the capacity of given clouds, by separating them in random projections.
"""
