"""The papers' theory as functions of numbers and arrays. It needs numpy and scipy, and never torch.

Each line says what a folder holds and which other folders it imports:

    numerics  solvers, quadratures, records and checks that do not depend on manifolds; imports no other folder
    geometry  capacity, radius and dimension measured on point clouds; imports numerics
    capacity  capacity and separability predicted for manifolds of known shape; imports numerics and geometry
    kernels   what linearized networks learn, and which labels their kernel finds wrong; imports numerics
    learning  what gradient descent learns from permuted labels; imports numerics and kernels
    identity  what networks that reproduce one image return for other images; imports numerics
    descent   where gradient descent can stay, and what a layer keeps of its input on the way there; imports numerics

Every closed form and quadrature in this room is accurate to ``RELATIVE_ACCURACY`` unless its docstring says otherwise.
"""

RELATIVE_ACCURACY = 1e-8
