"""Capacity and separability of manifolds whose shape is known.

In reading order:

    points                  capacity at a margin, and the number of separable dichotomies
    balls                   capacity of L2 balls and segments
    ball_regimes            how often a Gaussian probe leaves a ball interior, touching or fully supporting
    high_dimensional_balls  approximations for balls in many dimensions, with their accuracy
    point_mixtures          the mean displacement of a manifold as an average of points at many margins
    ellipsoids              inner problem and capacity of L2 ellipsoids
    cross_polytopes         inner problem and capacity of L1 balls
    unstructured_points     capacity, radius and dimension of orthogonal points, the null geometry
    gaussian_geometry       radius and dimension of small manifolds
    sparse_labels           capacity where few manifolds carry one of the labels
    correlated_spheres      capacity of spheres whose centres and axes share a component
    correlated_clouds       capacity of clouds whose centres and axes have an arbitrary covariance
    conic_volumes           exact probabilities of separability at finite P and N
    sampled_conic_volumes   probabilities of separability for clouds and ellipsoids, by sampling
"""
