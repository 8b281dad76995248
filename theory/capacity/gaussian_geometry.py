"""Gaussian radius, dimension and half width of a manifold, from the points that a Gaussian vector touches.

A hyperplane with a standard Gaussian normal t touches the manifold at s_g(t) = argmax_s t.s. Radius and dimension are
R_g^2 = E ||s_g||^2 and D_g = E (t.s_g / ||s_g||)^2; the half width is E max_s t.s, about R_g sqrt(D_g). They describe manifolds
that are small relative to their centre norm, whose anchors are the points s_g (Chung, Lee & Sompolinsky 2018). Lengths are
measured from the centre, in units of its norm.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from theory.capacity.points import capacity as point_capacity
from theory.numerics.estimate import Estimate, mean_of
from theory.numerics.gauss_legendre import NODES, WEIGHTS
from theory.numerics.validation import require, require_count, require_finite

Radii = ArrayLike  # (..., D), axes last
Numbers = Any  # a number or an array, of the arguments' broadcast shape
# Trapezoids in log u: the integrands are analytic within pi of the real axis, so the step adds an error below 1e-16. The end of
# the range adds 4e-11 where one radius is much larger than all others, and less elsewhere.
LOG_STEP = 0.25
REACH = 48.0
LARGEST_COMPONENT = 12.0


@dataclass(frozen=True)
class GaussianGeometry:
    """Gaussian geometry of one or several manifolds; the fields are numbers or arrays, or estimates where t is sampled.

    radius: R_g, in units of the centre norm. dimension: D_g. half_width: E max_s t.s, in units of the centre norm.
    """

    radius: np.ndarray | Estimate
    dimension: np.ndarray | Estimate
    half_width: np.ndarray | Estimate


def ellipsoid_geometry(radii: Radii) -> GaussianGeometry:
    """Gaussian geometry of L2 ellipsoids, for which s_g = R_i^2 t_i / sqrt(sum R_i^2 t_i^2).

    Let Y = sum R_i^2 t_i^2 and W = sum R_i^4 t_i^2. Then R_g^2 = E[W / Y], D_g = E[Y^2 / W], and the half width is E sqrt(Y).
    1 / x is the integral of e^(-u x), and x^(-1/2) is the integral of e^(-u x) / sqrt(pi u). Each quantity is therefore one
    integral over u: under e^(-u Y) the t_i stay Gaussian, with variances 1 / (1 + 2 u R_i^2) and mass
    prod (1 + 2 u R_i^2)^(-1/2). Under e^(-u W), R_i^4 replaces R_i^2.

    :param radii: R_i within 0..1e6, at least one of them above 0, axes last, (..., D).
    :returns: arrays (...).
    """
    radii, longest = _radii(radii)
    # In units of the longest radius, so that every integrand vanishes at the ends of one range.
    squared = (radii / longest)[..., None, :] ** 2
    u = np.exp(np.arange(-REACH, REACH, LOG_STEP))[:, None]
    mass, own = _tilted(u, squared)
    mean_w, mean_y = np.sum(squared * own, axis=-1), own.sum(axis=-1)
    radius2 = LOG_STEP * np.sum((u[:, 0] * mass) * mean_w, axis=-1)
    width = LOG_STEP / np.sqrt(np.pi) * np.sum(np.sqrt(u[:, 0]) * mass * mean_y, axis=-1)
    mass, own = _tilted(u, squared**2)
    # Variances of R_i t_i under e^(-u W): E[Y^2] = (sum)^2 + 2 sum of squares.
    own = np.divide(own, squared, out=np.zeros(own.shape), where=squared > 0)
    mean_y2 = own.sum(axis=-1) ** 2 + 2 * (own**2).sum(axis=-1)
    dimension = LOG_STEP * np.sum((u[:, 0] * mass) * mean_y2, axis=-1)
    longest = longest[..., 0]
    return GaussianGeometry((longest * np.sqrt(radius2))[()], dimension[()], (longest * width)[()])


def participation_geometry(radii: Radii) -> GaussianGeometry:
    """Gaussian geometry of ellipsoids in the limit of many dimensions.

    In the limit R_g^2 = sum R^4 / sum R^2, D_g is the participation ratio of the squared radii, and the half width is
    R_g sqrt(D_g) = sqrt(sum R^2). At finite D the exact D_g is larger than the participation ratio, by a relative
    2 sum (R_i^2 / sum R^2 - R_i^4 / sum R^4)^2 to leading order (delta method on Y^2 / W). That is at most 2 / PR4,
    PR4 = (sum R^4)^2 / sum R^8: of order 1 / D, and 0 for balls.

    :param radii: as in :func:`ellipsoid_geometry`. :returns: arrays (...).
    """
    radii, longest = _radii(radii)
    squared, longest = (radii / longest) ** 2, longest[..., 0]
    total, fourth = squared.sum(axis=-1), (squared**2).sum(axis=-1)
    return GaussianGeometry((longest * np.sqrt(fourth / total))[()], (total**2 / fourth)[()], (longest * np.sqrt(total))[()])


def cross_polytope_geometry(radius: ArrayLike, shape_dim: ArrayLike) -> GaussianGeometry:
    """Gaussian geometry of L1 balls, which touch at a vertex: R_g = R, D_g = E max t_i^2, half width R E max |t_i|.

    The largest of D absolute values is below x with probability (2 Phi(x) - 1)^D. Its moments are integrated by parts and by
    Gauss-Legendre quadrature. D_g grows as 2 log D to leading order only: at D = 1000, 2 log D is 16 % larger than D_g.

    :param radius: R >= 0. :param shape_dim: D within 1..1e9. The arguments broadcast.
    """
    radius, dim = np.broadcast_arrays(np.asarray(radius, dtype=float), np.asarray(shape_dim, dtype=float))
    require_finite("radius", radius)
    require(radius >= 0, "radius", radius, ">= 0")
    require((dim >= 1) & (dim <= 1e9), "shape_dim", shape_dim, "within 1..1e9")
    edges = np.linspace(0, LARGEST_COMPONENT, 25)
    half = edges[1] / 2
    x = (edges[:-1, None] + half * (1 + NODES)).ravel()
    above = -np.expm1(dim[..., None] * np.log1p(-2 * special.ndtr(-x)))
    weight = np.tile(half * WEIGHTS, len(edges) - 1)
    return GaussianGeometry(radius[()], (above @ (2 * x * weight))[()], (radius * (above @ weight))[()])


def cloud_geometry(offsets: ArrayLike, n_probes: int = 2**14, seed: int = 0) -> GaussianGeometry:
    """Gaussian geometry of a point cloud, as estimates over independent Gaussian probes.

    :param offsets: the points minus their centre, (M, N), in units of the centre norm.
    :param n_probes: at least 2. :param seed: of the probes.
    :returns: estimates with standard errors over probes.
    """
    offsets = np.asarray(offsets, dtype=float)
    require_finite("offsets", offsets)
    require(offsets.ndim == 2 and offsets.any(), "offsets", offsets.shape, "of shape (M, N), not all 0")
    require_count("n_probes", n_probes, 2)
    products = np.random.default_rng(seed).standard_normal((int(n_probes), offsets.shape[1])) @ offsets.T
    widest, length = products.max(axis=1), np.linalg.norm(offsets, axis=1)[products.argmax(axis=1)]
    along = np.divide(widest, length, out=np.zeros_like(widest), where=length > 0)
    square = mean_of(length**2)
    radius = Estimate(np.sqrt(square.value), square.se / (2 * np.sqrt(square.value)), square.n)
    return GaussianGeometry(radius, mean_of(along**2), mean_of(widest))


def small_manifold_capacity(margin: Numbers, radius: ArrayLike, dimension: ArrayLike) -> Numbers:
    """Capacity of manifolds that are small relative to their centre norm, alpha_0(kappa + R_g sqrt(D_g)).

    Source: Chung et al. 2018. A small manifold acts as a point at a larger margin. The formula is exact as R_g vanishes at
    fixed R_g sqrt(D_g). For balls, L1 balls and ellipsoids up to R_g = 0.3, at margins 0 and 1, the value is too low by at most
    0.45 R_g of the capacity: by 0.4 % at R_g = 0.01 and by 4 % at R_g = 0.1. In many dimensions it is too low by R_g^2.

    :param margin: kappa, standardized units. :param radius: R_g. :param dimension: D_g. The arguments broadcast, and
        kappa + R_g sqrt(D_g) lies within -35..1e6.
    """
    radius, dimension = np.asarray(radius, dtype=float), np.asarray(dimension, dtype=float)
    require(radius >= 0, "radius", radius, ">= 0")
    require(dimension >= 0, "dimension", dimension, ">= 0")
    return point_capacity(margin + radius * np.sqrt(dimension))


def _radii(radii):
    """The radii, (..., D), and the longest radius, (..., 1)."""
    radii = np.asarray(radii, dtype=float)
    require_finite("radii", radii)
    require(radii.ndim > 0 and (radii >= 0) & (radii <= 1e6), "radii", radii, "one per axis, within 0..1e6")
    longest = radii.max(axis=-1, keepdims=True) if radii.size else np.zeros(1)
    require(longest > 0, "radii", radii, "not all 0")
    return radii, longest


def _tilted(u, scale):
    """prod (1 + 2 u a)^(-1/2), (..., n), and a / (1 + 2 u a), (..., n, D)."""
    return np.exp(-np.log1p(2 * u * scale).sum(axis=-1) / 2), scale / (1 + 2 * u * scale)
