"""Gauss-Legendre nodes and weights on -1..1: enough for panels on which an integrand is smooth to double precision."""

import numpy as np

NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
