"""Numerical methods that know nothing of manifolds.

In reading order:

    validation      refusing parameters outside a formula's domain, by name
    estimate        a number measured by sampling, with its standard error
    certificate     the check that every solve has to pass, and what is raised where it does not
    nnls            non-negative least squares for many vectors on shared Gram matrices
    active_sets     the exact finish of nnls, many small problems at once
    batches         how much of such work is best done at a time
    gauss_legendre  the nodes that the quadratures share
    chi_quadrature  averages over the length of a Gaussian vector
    sobol_probes    averages over quasi-random Gaussian vectors, with their errors
    grassmann       minimization over subspaces
"""
