"""The examples that hypothesis draws for claims without networks. Nothing here imports theory.

- balls_and_clouds: balls in a number of features, and clouds of points with probes.
- populations: several clouds whose centres have a part in common.
- correlated: manifolds with correlated centres and axes.
- linear_networks: data on which linear networks are trained.
- digits: manifolds of real images.
- mislabeled: real images with permuted labels, their kernels, and networks at initialization.
- kernel_tasks: networks with one output, and binary tasks that are made from their tangent kernels.
- diluted_digits: networks that learn digits from few right labels among many drawn ones.
- fitted_digits: networks that have fitted labels of digits.
"""
