"""The inner problem and the capacity of L1 balls, sum |s_i| <= R around the centre.

An L1 ball is a cross-polytope with the 2 D vertices +-R e_i. Let a_1 >= ... >= a_D be the absolute values of a probe's
components, S_k the sum of the first k of them, and c = kappa - t0. The support function of the ball is R max |v_i|. Therefore
the projection clips the components at some h >= 0,

    F = min_h sum [a_i - h]_+^2 + [c + R h]_+^2.

It clips k components where c_k < c < c_{k+1}, c_k = (S_k - k a_k) / R - R a_k, a_{D+1} = 0; then h = (S_k - R c) / (k + R^2).
Where c < c_1 the probe is not moved; where c > c_{D+1} the ball is fully supporting. Radii are in units of the centre norm.
"""

import numpy as np
from numpy.typing import ArrayLike

from theory.capacity.point_mixtures import averaged
from theory.geometry.anchors import Projections
from theory.numerics.estimate import Estimate
from theory.numerics.sobol_probes import inverse_of_mean, squared_lengths
from theory.numerics.validation import require, require_count, require_finite

Probes = ArrayLike  # T, (D + 1, n), the component along the centre last
DEFAULT_PROBES = 2**13


def project(radius: float, probes: Probes, margin: float = 0.0) -> Projections:
    """Displacements and anchors of probes on one L1 ball, exact by sorting, and the residual of stationarity in h.

    :param radius: R within 1e-6..1e5, in units of the centre norm.
    :param probes: T, (D + 1, n), the component along the centre last. :param margin: kappa, standardized units.
    :returns: the record that :func:`theory.geometry.anchors.project` returns for the vertices of the ball.
    """
    probes = np.asarray(probes, dtype=float)
    _require(radius, margin)
    require(probes.ndim == 2 and len(probes) >= 2, "probes", probes.shape, "of shape (D + 1, n) with D >= 1")
    require_finite("probes", probes)
    sizes, c = np.abs(probes[:-1].T), margin - probes[-1]
    bounds, sums = _bounds(sizes, radius)
    clipped = np.sum(bounds[:, :-1] < c[:, None], axis=1)
    total = np.take_along_axis(sums, np.maximum(clipped - 1, 0)[:, None], axis=1)[:, 0]
    height = np.maximum((total - radius * c) / (clipped + radius**2), 0.0)
    height = np.where(clipped > 0, height, sizes.max(axis=1))
    cut, multiplier = np.maximum(sizes - height[:, None], 0.0), np.maximum(c + radius * height, 0.0)
    moved = clipped > 0
    cut, multiplier = cut * moved[:, None], multiplier * moved
    # For a probe that does not move, the anchor is the touching point: the vertex nearest to the margin.
    vertex = radius * (np.arange(sizes.shape[1]) == sizes.argmax(axis=1)[:, None])
    inside = np.divide(cut, multiplier[:, None], out=vertex.astype(float), where=multiplier[:, None] > 0)
    anchors = np.column_stack([-np.sign(probes[:-1].T) * inside, np.ones(len(c))])
    lack = np.abs(radius * multiplier - cut.sum(1)) * ((height > 0) & moved)
    return Projections((cut**2).sum(1) + multiplier**2, anchors.T, float(np.max(lack / (1 + sizes.sum(1)), initial=0.0)))


def cross_polytope_capacity(
    margin: ArrayLike, radius: float, shape_dim: int, n_probes: int = DEFAULT_PROBES, seed: int = 0
) -> Estimate:
    """Capacity of L1 balls at any margin, with a standard error from replicates of quasi-random probes.

    Source: Chung et al. 2018, L1 balls. In a regime with k clipped components dF/dc / 2 is linear with slope
    w_k = k / (k + R^2); the slope is 1 where the ball is fully supporting. Integration by parts, twice over the Gaussian t0,
    with A the displacement of points, w_0 = 0 and w_{D+1} = 1, gives

        1/alpha = E_t sum_{k=1}^{D+1} (w_k - w_{k-1}) A(kappa - c_k).

    t is sampled by quasi-random points in D dimensions. D = 1 is a segment.

    :param margin: kappa within -5..1e3, any shape, standardized units.
    :param radius: R within 1e-6..1e5, in units of the centre norm. :param shape_dim: D within 1..1e4, whole.
    :param n_probes: number of draws of t, at least 16. :param seed: of these draws.
    :returns: manifolds per feature; value and se have the margin's shape.
    """
    margin = np.asarray(margin, dtype=float)
    _require(radius, margin)
    require((margin >= -5) & (margin <= 1e3), "margin", margin, "within -5..1e3 for L1 balls")
    require_count("shape_dim", shape_dim, 1)
    require(shape_dim <= 1e4, "shape_dim", shape_dim, "at most 1e4")
    clipped = np.arange(int(shape_dim) + 1)
    weights = np.diff(np.append(clipped / (clipped + radius**2), 1.0))
    means = []
    for squares in squared_lengths(np.ones(int(shape_dim), dtype=int), n_probes, seed):
        offsets = -_bounds(np.sqrt(squares), radius)[0]
        means.append(averaged(margin, [(np.tile(weights, len(offsets)) / len(offsets), offsets.ravel())]))
    return inverse_of_mean(means, n_probes)


def _bounds(sizes, radius):
    """c_1 .. c_{D+1}, (n, D + 1), and S_1 .. S_D, (n, D)."""
    ordered = -np.sort(-sizes, axis=1)
    sums = np.cumsum(ordered, axis=1)
    counts = np.arange(1, ordered.shape[1] + 1)
    bounds = (sums - counts * ordered) / radius - radius * ordered
    return np.column_stack([bounds, sums[:, -1] / radius]), sums


def _require(radius, margin):
    require_finite("radius", radius)
    require_finite("margin", margin)
    # A probe's components are at most 8, so these radii keep all margins inside the range of the formula for points.
    require(np.ndim(radius) == 0 and 1e-6 <= radius <= 1e5, "radius", radius, "one number within 1e-6..1e5")
