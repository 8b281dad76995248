"""Numerical methods that do not depend on manifolds.

In reading order:

    validation            checks that arguments lie in the domain of a formula
    estimate              a number measured by sampling, with its standard error
    certificate           the check that every solve has to pass, and the error for a solve that fails it
    nnls                  non-negative least squares for many vectors on shared Gram matrices
    active_sets           the exact last step of nnls, for many small problems at once
    few_dimensions        the exact solutions of nnls for many points in few dimensions
    signed_least_squares  least squares with coefficients of given signs, one large problem at a time
    signed_exchanges      the same, for many vectors on the same few hundred points at once
    dependent_cholesky    Cholesky factors of the inner products of points that may depend on each other
    batches               how many products of a probe with a point to compute at a time
    gauss_legendre        the nodes that the quadratures share
    chi_quadrature        averages over the length of a Gaussian vector
    sobol_probes          averages over quasi-random Gaussian vectors, with standard errors
    grassmann             minimization over subspaces
"""
