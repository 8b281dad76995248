"""The length of a Gaussian vector in D dimensions, as a quadrature rule fitted to a ball at a margin."""

import numpy as np
from scipy import special

from theory.numerics.gauss_legendre import NODES, WEIGHTS

# Where a standard Gaussian tail drops below 1e-23, far under the accuracy this room declares.
TAIL = 10.0
SCALES = np.array([0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0])


def chi_rule(margin, radius, shape_dim):
    """Nodes r and weights that integrate over chi_D: E f(||t||) is the sum of weight f(r) over the last axis.

    Composite Gauss-Legendre; panels end where the chi density, margin + R r and margin - r / R change.

    :param margin: kappa; :param radius: R > 0; :param shape_dim: D >= 1; arrays of one shape.
    :returns: r and weights, (..., n).
    """
    mode = np.sqrt(shape_dim - 1)[..., None]
    highest = mode + TAIL
    reach = np.abs(margin)[..., None] + SCALES
    bulk = np.clip(mode + np.linspace(-TAIL, TAIL, 17), 0, highest)
    # Where the margin is far below zero, balls are touched from r = -kappa / R on, within 1 / R.
    first_touched = np.abs(margin)[..., None] - SCALES[4:]
    ratio = radius[..., None]
    edges = np.concatenate([bulk, ratio * reach, reach / ratio, first_touched / ratio], axis=-1)
    edges = np.sort(np.clip(edges, 0, highest), axis=-1)
    edges = np.concatenate([np.zeros_like(mode), edges], axis=-1)
    r, weight = _panels(edges[..., :-1, None], edges[..., 1:, None])
    flat = (*r.shape[:-2], -1)
    r = np.maximum(r.reshape(flat), np.finfo(float).tiny)
    dim = shape_dim[..., None]
    log_density = (1 - dim / 2) * np.log(2) + (dim - 1) * np.log(r) - r**2 / 2 - special.gammaln(dim / 2)
    return r, weight.reshape(flat) * np.exp(log_density)


def _panels(start, end):
    """Nodes and weights from start to end, even in the fourth root of r next to 0: the density, r^(D - 1), is smooth there."""
    first, last = start**0.25, end**0.25
    root = first + (last - first) * (1 + NODES) / 2
    near, half, square = start < end / 2, (end - start) / 2, root**2
    r = np.where(near, square**2, start + half * (1 + NODES))
    return r, np.where(near, 2 * (last - first) * square * root, half) * WEIGHTS
