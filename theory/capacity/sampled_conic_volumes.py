"""Intrinsic volumes of the cones over point clouds and ellipsoids, estimated by sampling.

These cones have no closed form. A Gaussian probe g is projected on the cone. On a polyhedral cone the projection lies in a
face, and v_k is the probability that the face has k dimensions. A smooth cone has no such faces. There Steiner's formula
assigns every probe a distribution over k. Let c_i be the curvatures at the projection, and r the distance of the probe from
it. The volume element is prod_i (1 + r c_i), and v_k collects its terms of degree d - 1 - k (Schneider & Weil 2008; McCoy &
Tropp 2014). Given the probe, the dimension is therefore a sum of independent coin tosses with probabilities 1 / (1 + r c_i).
These probabilities are the eigenvalues of the derivative of the projection at g. So for every convex cone

    v_k = E[ P(tosses with the eigenvalues of D proj(g) sum to k) ],

without bias. On a polyhedral cone the eigenvalues are 0 and 1, and the sum is the dimension of the face.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import elementwise

from theory.capacity import conic_volumes
from theory.geometry.anchors import project_to_weights
from theory.numerics.estimate import Estimate, mean_of
from theory.numerics.validation import require, require_count, require_finite


@dataclass(frozen=True)
class SampledVolumes:
    """Sampled intrinsic volumes of one cone in d = D + 1 dimensions.

    dimensions: for every probe the probabilities of 0 .. d, shape (n, d + 1); rows sum to 1, and for clouds hold a single 1.
    """

    dimensions: np.ndarray

    @property
    def value(self) -> np.ndarray:
        """The estimates of v_0 .. v_d, shape (d + 1,)."""
        return self.dimensions.mean(axis=0)

    @property
    def se(self) -> np.ndarray:
        """The standard errors of v_0 .. v_d, shape (d + 1,). Too small for volumes far below 1 / n."""
        return self.dimensions.std(axis=0, ddof=1) / np.sqrt(len(self.dimensions))

    def mean(self, function: ArrayLike) -> Estimate:
        """The estimate of a linear function of the volumes, given by its coefficients, shape (d + 1,)."""
        return mean_of(self.dimensions @ np.asarray(function))

    @property
    def statistical_dimension(self) -> Estimate:
        """The estimate of the statistical dimension, which is 1 / capacity at margin 0."""
        return self.mean(np.arange(self.dimensions.shape[1]))


def cloud_volumes(coordinates: np.ndarray, probes: np.ndarray) -> SampledVolumes:
    """Sampled volumes of the cone over a cloud of points, from the rank of the points that support each projection.

    The rank is used and not the number of points, because on a face that is not a simplex the solver may use more points than
    the face has dimensions.

    :param coordinates: S, (D + 1, M), last row 1, as in :func:`theory.geometry.anchors.project`.
    :param probes: standard Gaussian, (D + 1, n).
    :raises theory.numerics.certificate.Uncertified: a residual above 1e-9.
    """
    coordinates, probes = np.asarray(coordinates, dtype=float), np.asarray(probes, dtype=float)
    require(coordinates.ndim == 2 and coordinates.size, "coordinates", coordinates.shape, "of shape (D + 1, M), M > 0")
    require_finite("coordinates", coordinates)
    _require_probes(probes, len(coordinates))
    displacement, weights, _ = project_to_weights(coordinates, probes, margin=0.0)
    supports = (weights > 0) & (displacement > 0)[:, None]
    return SampledVolumes(np.eye(len(coordinates) + 1)[_ranks(coordinates, supports)])


def ellipsoid_volumes(radii: ArrayLike, probes: np.ndarray) -> SampledVolumes:
    """Sampled volumes of the cone over an L2 ellipsoid, sum_i (s_i / R_i)^2 <= 1.

    The boundary of the cone is x.Bx = 0, B = diag(1 / R_i^2, -1). A probe outside the cone is g = x + mu B x with mu > 0. With
    mu = 1 / tau - 1 this reads (2 tau - 1) sqrt(sum R_i^2 g_i^2 / (1 - tau + tau R_i^2)^2) = g_0, whose left side is monotone
    in tau within 0..1. On the tangent space at x the derivative of the projection is the inverse of 1 + mu B.

    :param radii: R_i within 1e-3..1e3, in units of the centre norm, shape (D,).
    :param probes: standard Gaussian, (D + 1, n), last row along the centre.
    """
    radii, probes = np.asarray(radii, dtype=float), np.asarray(probes, dtype=float)
    require(radii.ndim == 1 and radii.size, "radii", radii.shape, "of shape (D,), D > 0")
    require((radii >= 1e-3) & (radii <= 1e3), "radii", radii, "within 1e-3..1e3")
    _require_probes(probes, len(radii) + 1)
    across, along = probes[:-1].T, probes[-1]
    inside = along >= np.linalg.norm(across / radii, axis=1)
    polar = along <= -np.linalg.norm(across * radii, axis=1)
    dimensions = np.zeros((len(along), len(radii) + 2))
    dimensions[inside, -1] = 1
    dimensions[polar, 0] = 1
    outside = ~inside & ~polar
    dimensions[outside, :-1] = _sums_of_tosses(_derivative(across[outside], along[outside], radii))
    return SampledVolumes(dimensions)


def separable_probability(kinds: Sequence[SampledVolumes], counts: Sequence[int], n_features: int) -> Estimate:
    """The probability that manifolds with sampled cones are separable in N features, with its standard error.

    It is :func:`theory.capacity.conic_volumes.separable_probability` for sampled volumes. The standard error is by the delta
    method, linear in the volumes of each kind. It does not cover the bias of the product of estimated volumes, which is of
    order 1 / n: an eighth of the standard error with 1,000 probes for 30 ellipsoids.

    :param kinds: sampled volumes, one per kind of manifold. :param counts: number of manifolds of each kind, >= 0.
    :param n_features: N >= 1.
    """
    require_count("n_features", n_features, 1)
    volumes = [kind.value for kind in kinds]
    product = conic_volumes.mixture_volumes(volumes, counts)
    variance = 0.0
    for which, (kind, count) in enumerate(zip(kinds, counts, strict=True)):
        if count:
            others = conic_volumes.mixture_volumes(volumes, [c - (i == which) for i, c in enumerate(counts)])
            slope = [count * _upper(others, n_features - k) for k in range(kind.dimensions.shape[1])]
            variance += kind.mean(slope).se ** 2
    return Estimate(float(_upper(product, n_features)), float(np.sqrt(variance)), sum(len(kind.dimensions) for kind in kinds))


def probability_draws(dimensions: np.ndarray, n_features: int) -> np.ndarray:
    """Draws, (n,), whose mean is without bias the probability that P manifolds are separable in N features.

    P independent probes, one per manifold, give one draw: 2 P(their dimensions sum to N - 1 or N - 3 or ...).

    :param dimensions: probabilities of the dimensions of each probe, as in :class:`SampledVolumes`, shape (n, P, d + 1).
    :param n_features: N >= 1.
    :returns: shape (n,), each within 0..2.
    """
    require_count("n_features", n_features, 1)
    sums = dimensions[:, 0]
    for which in range(1, dimensions.shape[1]):
        sums = _added(sums, dimensions[:, which])
    return _upper(sums, n_features)


def _require_probes(probes, n_rows: int):
    require(
        probes.ndim == 2 and len(probes) == n_rows and probes.size, "probes", probes.shape, f"of shape ({n_rows}, n), n > 0"
    )
    require_finite("probes", probes)


def _upper(volumes, n_features: int):
    """2 (v_{N-1} + v_{N-3} + ...) along the last axis, for any N."""
    indices = np.arange(n_features - 1, -1, -2)
    return 2 * volumes[..., indices[indices < volumes.shape[-1]]].sum(-1)


def _added(one, other):
    """Row by row, the distribution of the sum of two independent numbers: (n, a + 1) and (n, b + 1) give (n, a + b + 1)."""
    sums = np.zeros((len(one), one.shape[1] + other.shape[1] - 1))
    for k in range(other.shape[1]):
        sums[:, k : k + one.shape[1]] += one * other[:, k : k + 1]
    return sums


def _ranks(coordinates, supports):
    """The number of dimensions that the supporting points span, for every probe, (n,)."""
    distinct, which = np.unique(supports, axis=0, return_inverse=True)
    ranks = [np.linalg.matrix_rank(coordinates[:, support]) if support.any() else 0 for support in distinct]
    return np.array(ranks)[which.reshape(-1)]


def _derivative(across, along, radii):
    """Eigenvalues of the derivative of the projection on the tangent space, within 0..1, shape (n, D)."""
    tau = _multiplier(across, along, radii)[:, None]
    touched = across * tau * radii**2 / (1 - tau + tau * radii**2)
    height = np.linalg.norm(touched / radii, axis=1, keepdims=True)
    normal = np.hstack([touched / radii**2, -height])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    # This is tau (1 + mu B), which stays finite where tau is 0.
    diagonal = tau + (1 - tau) * np.append(radii**-2.0, -1.0)
    tangent = np.eye(diagonal.shape[1]) - normal[:, :, None] * normal[:, None, :]
    stiffness = tangent @ (diagonal[:, :, None] * tangent)
    # The eigenvalue of the normal is 0, and all other eigenvalues are at least tau.
    return np.clip(tau / np.linalg.eigvalsh(stiffness)[:, 1:], 0.0, 1.0)


def _multiplier(across, along, radii):
    """tau within 0..1, shape (n,), for probes whose nearest point lies on the boundary."""
    squares, tolerances = across**2, {"xatol": 0, "xrtol": 1e-14, "fatol": 0, "frtol": 0}

    def height(tau, along, which):
        reach = 1 - tau + tau * radii[:, None] ** 2
        touched = (radii**2)[:, None] * squares[which].T / reach**2
        return (2 * tau - 1) * np.sqrt(touched.sum(0)) - along

    ends, which = (np.zeros_like(along), np.ones_like(along)), np.arange(len(along))
    return elementwise.find_root(height, ends, args=(along, which), tolerances=tolerances).x


def _sums_of_tosses(probabilities):
    """The distribution of the number of successes in independent tosses, (n, D) -> (n, D + 1)."""
    sums = np.ones((len(probabilities), 1))
    for toss in probabilities.T:
        sums = _added(sums, np.stack([1 - toss, toss], axis=1))
    return sums
