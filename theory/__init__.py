"""Analytical predictions: numbers and arrays in, numbers out. numpy and scipy only; never torch.

Every closed form and quadrature in this room is accurate to ``RELATIVE_ACCURACY`` unless its docstring says otherwise.
"""

RELATIVE_ACCURACY = 1e-8
