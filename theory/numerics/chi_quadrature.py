"""A quadrature rule over the length of a Gaussian vector in D dimensions, with panels for a ball at a margin."""

import numpy as np
from scipy import special

from theory.numerics.gauss_legendre import NODES, WEIGHTS

# A standard Gaussian tail beyond this is below 1e-23, far less than the accuracy that this room declares.
TAIL = 10.0
# Of panels of equal width: the width, in units of the sharpest of the scales 1, R and 1 / R; and the largest number.
WIDTH, MOST_PANELS = 2.0, 24
SCALES = np.array([0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0])


def chi_rule(margin: np.ndarray, radius: np.ndarray, shape_dim: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nodes r and weights that integrate over chi_D: E f(||t||) is the sum of weight f(r) over the last axis.

    The rule is composite Gauss-Legendre. Where R is of order 1, panels are of equal width. Elsewhere they end where the chi
    density, margin + R r or margin - r / R change.

    :param margin: kappa, (...). :param radius: R > 0, (...), in units of the centre norm. :param shape_dim: D >= 1, (...).
    :returns: r and weights, (..., n).
    """
    mode = np.sqrt(shape_dim - 1)[..., None]
    panels = np.minimum(2, 1 + mode / TAIL).max(initial=0.0) * TAIL / (WIDTH * np.minimum(radius, 1 / radius).min(initial=1.0))
    edges = _equal_edges(mode, int(np.ceil(panels))) if panels <= MOST_PANELS else _edges(margin, radius, mode)
    r, weight = _panels(edges[..., :-1, None], edges[..., 1:, None])
    flat = (*r.shape[:-2], -1)
    r = np.maximum(r.reshape(flat), np.finfo(float).tiny)
    dim = shape_dim[..., None]
    log_density = (1 - dim / 2) * np.log(2) + (dim - 1) * np.log(r) - r**2 / 2 - special.gammaln(dim / 2)
    return r, weight.reshape(flat) * np.exp(log_density)


def _equal_edges(mode, panels: int):
    lowest = np.maximum(mode - TAIL, 0.0)
    return lowest + (mode + TAIL - lowest) * np.linspace(0.0, 1.0, panels + 1)


def _edges(margin, radius, mode):
    highest = mode + TAIL
    reach = np.abs(margin)[..., None] + SCALES
    bulk = np.clip(mode + np.linspace(-TAIL, TAIL, 17), 0, highest)
    # At margins far below zero, balls start to be touched at r = -kappa / R, over a width of 1 / R.
    first_touched = np.abs(margin)[..., None] - SCALES[4:]
    ratio = radius[..., None]
    edges = np.concatenate([bulk, ratio * reach, reach / ratio, first_touched / ratio], axis=-1)
    edges = np.sort(np.clip(edges, 0, highest), axis=-1)
    return np.concatenate([np.zeros_like(mode), edges], axis=-1)


def _panels(start, end):
    """Nodes and weights from start to end. Near 0 they are even in r^(1/4), in which the density r^(D - 1) is smooth."""
    first, last = start**0.25, end**0.25
    root = first + (last - first) * (1 + NODES) / 2
    near, half, square = start < end / 2, (end - start) / 2, root**2
    r = np.where(near, square**2, start + half * (1 + NODES))
    return r, np.where(near, 2 * (last - first) * square * root, half) * WEIGHTS
