"""The examples that hypothesis draws for claims without networks. Nothing here imports theory.

- balls_and_clouds: balls in a number of features, and clouds of points with probes.
- populations: several clouds whose centres have a part in common.
- correlated: manifolds with correlated centres and axes.
- linear_networks: data on which linear networks are trained.
- digits: manifolds of real images.
- mislabeled: real images with permuted labels, their kernels, and networks at initialization.
- kernel_tasks: networks with one output, and binary tasks that are made from their tangent kernels.
- diluted_digits: networks that learn digits from few right labels among many drawn ones.
- spheres: points on a sphere, with labels of any size.
- noisy_regressions: inputs of several geometries, and networks that descend on noise at them.
- trained_digits: networks at several epochs of their training on digits, their decoders, and transfer to other classes.
- mixtures: easy and few hard examples, and a single layer that descends on them.
- fitted_digits: networks that have fitted labels of digits.
"""
