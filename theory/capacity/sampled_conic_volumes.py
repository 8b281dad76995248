"""Intrinsic volumes of cones without a closed form, sampled: point clouds and ellipsoids.

A Gaussian probe g is projected on the cone. On a polyhedral cone the projection lies in a face, and v_k is how often that has
k dimensions. A smooth cone has no such faces, but Steiner's formula splits every probe into them: with curvatures c_i where the
projection lies and the probe at distance r from it, the volume element is prod_i (1 + r c_i), and v_k is made up of its terms
of degree d - 1 - k (Schneider & Weil 2008; McCoy & Tropp 2014). Given the probe, its dimension is therefore a sum of
independent tosses with the probabilities 1 / (1 + r c_i), which are the eigenvalues of the projection's derivative at g. So for
every convex cone

    v_k = E[ P(tosses with the eigenvalues of D proj(g) add up to k) ],

without bias; on a polyhedral cone the eigenvalues are 0 and 1, and the sum is the face's dimension.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import elementwise

from theory.capacity import conic_volumes
from theory.geometry.anchors import project_to_weights
from theory.numerics.estimate import Estimate, mean_of
from theory.numerics.validation import require, require_count, require_finite


@dataclass(frozen=True)
class SampledVolumes:
    """Intrinsic volumes of one cone in d = D + 1 dimensions.

    dimensions: for every probe the probabilities of 0 .. d, shape (n, d + 1), rows adding up to 1; for clouds a single 1.
    """

    dimensions: np.ndarray

    @property
    def value(self) -> np.ndarray:
        """v_0 .. v_d, shape (d + 1,)."""
        return self.dimensions.mean(axis=0)

    @property
    def se(self) -> np.ndarray:
        """Their standard errors, shape (d + 1,); too small for volumes that rare probes make up, far below 1 / n."""
        return self.dimensions.std(axis=0, ddof=1) / np.sqrt(len(self.dimensions))

    def mean(self, function) -> Estimate:
        """Of a linear function of the volumes, given by its coefficients, shape (d + 1,)."""
        return mean_of(self.dimensions @ np.asarray(function))

    @property
    def statistical_dimension(self) -> Estimate:
        """1 / capacity at margin 0."""
        return self.mean(np.arange(self.dimensions.shape[1]))


def cloud_volumes(coordinates: np.ndarray, probes: np.ndarray) -> SampledVolumes:
    """Of the cone over a cloud of points, by the rank of the points that each probe's projection is made of.

    The rank, not the number: within a face that is no simplex the solver may use more points than it has dimensions.

    :param coordinates: S, (D + 1, M), last row 1, as :func:`theory.geometry.anchors.project` takes them.
    :param probes: standard Gaussian, (D + 1, n).
    :raises theory.numerics.certificate.Uncertified: as :func:`theory.geometry.anchors.project`.
    """
    coordinates, probes = np.asarray(coordinates, dtype=float), np.asarray(probes, dtype=float)
    require(coordinates.ndim == 2 and coordinates.size, "coordinates", coordinates.shape, "of shape (D + 1, M), M > 0")
    require_finite("coordinates", coordinates)
    _require_probes(probes, len(coordinates))
    displacement, weights, _ = project_to_weights(coordinates, probes, margin=0.0)
    supports = (weights > 0) & (displacement > 0)[:, None]
    return SampledVolumes(np.eye(len(coordinates) + 1)[_ranks(coordinates, supports)])


def ellipsoid_volumes(radii, probes: np.ndarray) -> SampledVolumes:
    """Of the cone over an L2 ellipsoid, sum_i (s_i / R_i)^2 <= 1.

    The boundary is x.Bx = 0, B = diag(1 / R_i^2, -1), and a probe outside is g = x + mu B x with mu > 0. With mu = 1 / tau - 1
    it reads (2 tau - 1) sqrt(sum R_i^2 g_i^2 / (1 - tau + tau R_i^2)^2) = g_0, monotone in tau within 0..1. On the tangent
    space at x the derivative of the projection is the inverse of 1 + mu B.

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
    """Probability that manifolds of sampled cones are separable, with its error.

    As :func:`theory.capacity.conic_volumes.separable_probability`.

    The error is that of the probability's linear part in each kind's volumes (delta method). What it leaves out, a bias of the
    plugged-in product, is of order 1 / n: an eighth of the error with 1,000 probes for 30 ellipsoids.

    :param kinds: one per kind of manifold. :param counts: manifolds of each kind, >= 0. :param n_features: N >= 1.
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


def probability_draws(dimensions, n_features: int):
    """Unbiased draws of the probability that P manifolds are separable in N features.

    Independent probes, one per manifold, give a draw each: 2 P(their dimensions add up to N - 1 or N - 3 or ...).

    :param dimensions: of probes, as :class:`SampledVolumes` has them, shape (n, P, d + 1).
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
    """2 (v_{N-1} + v_{N-3} + ...) along the last axis, whichever N."""
    indices = np.arange(n_features - 1, -1, -2)
    return 2 * volumes[..., indices[indices < volumes.shape[-1]]].sum(-1)


def _added(one, other):
    """Distributions of the sums of independent numbers, row by row: (n, a + 1) and (n, b + 1) to (n, a + b + 1)."""
    sums = np.zeros((len(one), one.shape[1] + other.shape[1] - 1))
    for k in range(other.shape[1]):
        sums[:, k : k + one.shape[1]] += one * other[:, k : k + 1]
    return sums


def _ranks(coordinates, supports):
    """How many dimensions the supporting points span, for every probe, (n,)."""
    distinct, which = np.unique(supports, axis=0, return_inverse=True)
    ranks = [np.linalg.matrix_rank(coordinates[:, support]) if support.any() else 0 for support in distinct]
    return np.array(ranks)[which.reshape(-1)]


def _derivative(across, along, radii):
    """Eigenvalues of the projection's derivative on the tangent space, within 0..1, shape (n, D)."""
    tau = _multiplier(across, along, radii)[:, None]
    touched = across * tau * radii**2 / (1 - tau + tau * radii**2)
    height = np.linalg.norm(touched / radii, axis=1, keepdims=True)
    normal = np.hstack([touched / radii**2, -height])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    # tau (1 + mu B), which stays finite where tau is 0.
    diagonal = tau + (1 - tau) * np.append(radii**-2.0, -1.0)
    tangent = np.eye(diagonal.shape[1]) - normal[:, :, None] * normal[:, None, :]
    stiffness = tangent @ (diagonal[:, :, None] * tangent)
    # The normal's own eigenvalue is 0, and all others are tau or more.
    return np.clip(tau / np.linalg.eigvalsh(stiffness)[:, 1:], 0.0, 1.0)


def _multiplier(across, along, radii):
    """tau within 0..1, shape (n,), where the probe's nearest point lies on the boundary."""
    squares, tolerances = across**2, {"xatol": 0, "xrtol": 1e-14, "fatol": 0, "frtol": 0}

    def height(tau, along, which):
        reach = 1 - tau + tau * radii[:, None] ** 2
        touched = (radii**2)[:, None] * squares[which].T / reach**2
        return (2 * tau - 1) * np.sqrt(touched.sum(0)) - along

    ends, which = (np.zeros_like(along), np.ones_like(along)), np.arange(len(along))
    return elementwise.find_root(height, ends, args=(along, which), tolerances=tolerances).x


def _sums_of_tosses(probabilities):
    """Distribution of the number of successes of independent tosses, (n, D) -> (n, D + 1)."""
    sums = np.ones((len(probabilities), 1))
    for toss in probabilities.T:
        sums = _added(sums, np.stack([1 - toss, toss], axis=1))
    return sums
