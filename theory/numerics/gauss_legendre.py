"""Gauss-Legendre nodes and weights on -1..1. They integrate to double precision on panels where the integrand is smooth."""

import numpy as np

NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
