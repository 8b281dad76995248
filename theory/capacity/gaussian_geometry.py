"""Gaussian anchor geometry: where a manifold touches a hyperplane whose normal is a bare Gaussian vector t.

The touching point is s_g(t) = argmax_s t.s. Its radius and dimension, R_g^2 = E ||s_g||^2, D_g = E (t.s_g / ||s_g||)^2, and the
half width E max_s t.s, about R_g sqrt(D_g), describe manifolds that are small beside their centre: their anchors are these
(Chung, Lee & Sompolinsky 2018). Lengths are measured from the centre, in units of its norm.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from theory.capacity.points import capacity as point_capacity
from theory.numerics.estimate import Estimate, mean_of
from theory.numerics.gauss_legendre import NODES, WEIGHTS
from theory.numerics.validation import require, require_count, require_finite

# Trapezoids in log u: the integrands are analytic within pi of the real axis, so that steps cost less than 1e-16. At the end of
# the range 4e-11 is left where one radius outweighs all others, and less elsewhere.
LOG_STEP = 0.25
REACH = 48.0
LARGEST_COMPONENT = 12.0


@dataclass(frozen=True)
class GaussianGeometry:
    """radius R_g, dimension D_g and half width E max_s t.s; numbers, arrays, or estimates where they are sampled."""

    radius: np.ndarray | Estimate
    dimension: np.ndarray | Estimate
    half_width: np.ndarray | Estimate


def ellipsoid_geometry(radii) -> GaussianGeometry:
    """L2 ellipsoids: s_g = R_i^2 t_i / sqrt(sum R_i^2 t_i^2).

    R_g^2 = E[W / Y], D_g = E[Y^2 / W] and half width E sqrt(Y), with Y = sum R_i^2 t_i^2, W = sum R_i^4 t_i^2. As 1 / x is the
    integral of e^(-u x) and x^(-1/2) that of e^(-u x) / sqrt(pi u), each is one integral: under e^(-u Y) the t_i stay Gaussian,
    with variances 1 / (1 + 2 u R_i^2) and mass prod (1 + 2 u R_i^2)^(-1/2); under e^(-u W) with R_i^4 for R_i^2.

    :param radii: R_i within 0..1e6, one or more above 0, axes last, (..., D).
    :returns: arrays (...).
    """
    radii, longest = _radii(radii)
    # In units of the longest radius, so that every integrand has died out at the ends of one range.
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


def participation_geometry(radii) -> GaussianGeometry:
    """The limit of ellipsoids in many dimensions: R_g^2 = sum R^4 / sum R^2, D_g the participation ratio of squared radii.

    D_g exceeds it, relatively, by 2 sum (R_i^2 / sum R^2 - R_i^4 / sum R^4)^2 to leading order (delta method on Y^2 / W), at
    most 2 / PR4, PR4 = (sum R^4)^2 / sum R^8: of order 1 / D, and 0 for balls.

    :param radii: as :func:`ellipsoid_geometry`. :returns: arrays (...); the half width is R_g sqrt(D_g) = sqrt(sum R^2).
    """
    radii, longest = _radii(radii)
    squared, longest = (radii / longest) ** 2, longest[..., 0]
    total, fourth = squared.sum(axis=-1), (squared**2).sum(axis=-1)
    return GaussianGeometry((longest * np.sqrt(fourth / total))[()], (total**2 / fourth)[()], (longest * np.sqrt(total))[()])


def cross_polytope_geometry(radius, shape_dim) -> GaussianGeometry:
    """L1 balls, which touch at a vertex: R_g = R, D_g = E max t_i^2, half width R E max |t_i|.

    The largest of D sizes lies below x with probability (2 Phi(x) - 1)^D; moments by parts, Gauss-Legendre. D_g grows as
    2 log D, to leading order only: 2 log D is still 16 % above it at D = 1000.

    :param radius: R >= 0. :param shape_dim: D within 1..1e9. They broadcast.
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


def cloud_geometry(offsets, n_probes: int = 2**14, seed: int = 0) -> GaussianGeometry:
    """Point clouds, by independent Gaussian probes.

    :param offsets: the points less their centre, (M, N). :param n_probes: at least 2. :returns: estimates with standard errors.
    """
    offsets = np.asarray(offsets, dtype=float)
    require_finite("offsets", offsets)
    require(offsets.ndim == 2 and offsets.any(), "offsets", offsets.shape, "(M, N), not all 0")
    require_count("n_probes", n_probes, 2)
    products = np.random.default_rng(seed).standard_normal((int(n_probes), offsets.shape[1])) @ offsets.T
    widest, length = products.max(axis=1), np.linalg.norm(offsets, axis=1)[products.argmax(axis=1)]
    along = np.divide(widest, length, out=np.zeros_like(widest), where=length > 0)
    square = mean_of(length**2)
    radius = Estimate(np.sqrt(square.value), square.se / (2 * np.sqrt(square.value)), square.n)
    return GaussianGeometry(radius, mean_of(along**2), mean_of(widest))


def small_manifold_capacity(margin, radius, dimension):
    """alpha_0(kappa + R_g sqrt(D_g)): a manifold small beside its centre is a point at a wider margin.

    Source: Chung et al. 2018. Exact as R_g vanishes at fixed R_g sqrt(D_g). Low by at most
    0.45 R_g of the capacity up to R_g = 0.3 at margins 0 and 1 (balls, L1 balls, ellipsoids): 0.4 % at R_g = 0.01, 4 % at 0.1;
    in many dimensions by R_g^2.

    :param margin: kappa. :param radius: R_g. :param dimension: D_g. They broadcast; kappa + R_g sqrt(D_g) within -35..1e6.
    """
    radius, dimension = np.asarray(radius, dtype=float), np.asarray(dimension, dtype=float)
    require(radius >= 0, "radius", radius, ">= 0")
    require(dimension >= 0, "dimension", dimension, ">= 0")
    return point_capacity(margin + radius * np.sqrt(dimension))


def _radii(radii):
    """Radii and the longest of them, whose axis is kept."""
    radii = np.asarray(radii, dtype=float)
    require_finite("radii", radii)
    require(radii.ndim > 0 and (radii >= 0) & (radii <= 1e6), "radii", radii, "one per axis, within 0..1e6")
    longest = radii.max(axis=-1, keepdims=True) if radii.size else np.zeros(1)
    require(longest > 0, "radii", radii, "not all 0")
    return radii, longest


def _tilted(u, scale):
    """prod (1 + 2 u a)^(-1/2), (..., n), and a / (1 + 2 u a), (..., n, D)."""
    return np.exp(-np.log1p(2 * u * scale).sum(axis=-1) / 2), scale / (1 + 2 * u * scale)
