"""Analytical predictions: numbers and arrays in, numbers out. numpy and scipy only; never torch.

A folder imports from the ones that its line names, and from itself:

    numerics  solvers, quadratures, records and checks that know nothing of manifolds
    geometry  what point clouds are measured to be: capacity, radius, dimension; imports numerics
    capacity  what manifolds of a known shape must be: closed forms, quadratures, exact laws; imports numerics and geometry
    learning  what gradient descent does to labels, kernels and linear networks; imports numerics

Every closed form and quadrature in this room is accurate to ``RELATIVE_ACCURACY`` unless its docstring says otherwise.
"""

RELATIVE_ACCURACY = 1e-8
