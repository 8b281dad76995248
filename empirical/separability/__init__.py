"""Whether points or shapes are linearly separable: decided with a certificate, without theory. Theory is tested against it.

- certificates: the certificate of each answer, and the error where neither answer has one.
- points_and_balls: separability of points, segments and balls.
- many_balls: separability of balls in many small problems at once.
- ellipsoids: separability of ellipsoids with any radii.
- largest_margin: the largest margin of points.
- many_margins: the largest margins of many small problems at once.
- interior_point: separability of thousands of points.
- nested_features: the least number of features in which points are separable, in many draws at once.
- many_points: separability of points in many small problems at once.
- estimate: a mean over draws and its standard error.
- simulated_capacity: the capacity of point clouds, measured by separating them in random projections.
"""
