"""The joint inner problem at margin 0: all manifolds at once, for given labels, with a certificate for each solve.

Let v be the point nearest to a probe t with y_mu z.v <= 0 for every point z of every manifold mu. Moreau's decomposition
splits t into v and the projection of t on the cone that the signed points y_mu z generate. Non-negative least squares on the
rows of G, the signed points, finds that projection:

    lambda = argmin_{lambda >= 0} ||G^T lambda - t||,   s^mu = sum_i lambda_i z_i / sum_i lambda_i over manifold mu's points.

The optimality conditions are G (t - G^T lambda) <= 0 and lambda . G (t - G^T lambda) = 0. The second condition means that
t . G^T lambda = ||G^T lambda||^2: the squared length of the projection equals its product with the probe.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import nnls

from theory.numerics.batches import IN_CACHE
from theory.numerics.certificate import ALLOWED, Uncertified, certify
from theory.numerics.nnls import nonnegative_least_squares
from theory.numerics.signed_exchanges import signed_exchanges
from theory.numerics.signed_least_squares import signed_least_squares

Cloud = np.ndarray  # (M_i, N)
Probes = np.ndarray  # t, (n, N)
Labels = np.ndarray  # y, (n, P), +1 or -1
# What is left of a vector outside a cone counts as nothing below this share of the vector's length.
INSIDE = 1e-6
# With so few numbers in the points, scipy's solver is the faster one.
FEW_NUMBERS = 200_000
# From so many points and draws on, guesses for all draws together save time; and the residual up to which they are taken.
MANY_POINTS, MANY_DRAWS, CLOSE = 100, 5, 1e-11


@dataclass(frozen=True)
class JointAnchors:
    """Joint anchors of n probes on P manifolds.

    anchors: s^mu, unsigned, (n, P, N); a row of zeros where all duals of the manifold vanish.
    overlap: t . G^T lambda, the squared length of the projection on the joint cone, (n,).
    separable: whether the dichotomy of the draw is separable in N features, (n,).
    kkt_residual: the worst relative violation of the optimality conditions.
    """

    anchors: np.ndarray
    overlap: np.ndarray
    separable: np.ndarray
    kkt_residual: float


def joint_anchors(clouds: Sequence[Cloud], probes: Probes, labels: Labels) -> JointAnchors:
    """The anchors of every probe on every manifold, from its projection on the cone of all signed points.

    Source: Chou et al. 2025 (GLUE), the anchor points at margin 0. Memory: the points twice, their K K inner products for K
    points in all, and n P N + n K numbers for the anchors and the duals.

    :param clouds: P arrays, (M_i, N). :param probes: t, (n, N). :param labels: y, +1 or -1, (n, P).
    :raises theory.numerics.certificate.Uncertified: a residual above 1e-9; the error names the draw.
    """
    points, sizes = np.concatenate(clouds), [len(cloud) for cloud in clouds]
    length = np.linalg.norm(points, axis=1)
    length = np.where(length > 0, length, 1.0)
    # The rows have length 1: the cone does not depend on the length of a generator, and tolerances do.
    units = points / length[:, None]
    gram, signed = units @ units.T, np.repeat(labels, sizes, axis=1)
    pulls, residuals = _guessed(units, gram, signed, probes)
    for draw in np.flatnonzero(np.isinf(residuals)):
        pulls[draw], residuals[draw] = _certified(units, gram, signed[draw], probes[draw], int(draw))
    projections = pulls @ units
    # What is left of a probe outside the cone separates the dichotomy. If it is orthogonal to all points, that has to be
    # asked: the cone may be all of their span.
    left = np.abs((probes - projections) @ units.T).max(1, initial=0.0)
    separable = np.ones(len(probes), dtype=bool)
    for draw in np.flatnonzero(left <= INSIDE * np.linalg.norm(probes, axis=1)):
        separable[draw] = _is_separable(units, gram, signed[draw], int(draw))
    overlap = np.sum(probes * projections, axis=1)
    anchors = _anchors(points, np.abs(pulls) / length, np.cumsum([0, *sizes]))
    return JointAnchors(anchors, overlap, separable, float(residuals.max(initial=0.0)))


def joint_overlaps(signed: np.ndarray, probes: Probes) -> np.ndarray:
    """The squared lengths of the projections on many joint cones, (n, k): ``overlap`` of :func:`joint_anchors`.

    Small problems are solved together, a cone and its probes being one of them.

    :param signed: labels times the points of all manifolds, (n, K, N). :param probes: k probes for each cone, (n, k, N).
    :raises theory.numerics.certificate.Uncertified: as in :func:`joint_anchors`.
    """
    step = max(IN_CACHE // (signed.shape[1] * (signed.shape[1] + probes.shape[1])), 1)
    starts = range(0, len(signed), step)
    return np.concatenate([_overlaps(signed[start : start + step], probes[start : start + step]) for start in starts])


def _overlaps(signed: np.ndarray, probes: Probes) -> np.ndarray:
    length = np.linalg.norm(signed, axis=2, keepdims=True)
    if not np.all(length > 0):
        return np.stack([_overlap_alone(*problem) for problem in zip(signed, probes, strict=True)])
    units = signed / length
    duals, residuals = nonnegative_least_squares(units @ units.swapaxes(1, 2), -probes @ units.swapaxes(1, 2))
    found = np.sum(probes * (duals @ units), axis=2)
    for cone in np.flatnonzero(~(residuals <= CLOSE)):
        found[cone] = _overlap_alone(signed[cone], probes[cone])
    return found


def _overlap_alone(signed: np.ndarray, probes: Probes) -> np.ndarray:
    return joint_anchors([signed], probes, np.ones((len(probes), 1))).overlap


def _guessed(units: np.ndarray, gram: np.ndarray, signed: np.ndarray, probes: Probes) -> tuple[np.ndarray, np.ndarray]:
    """The signed duals of all draws, (n, K), and residuals, (n,): infinite where the duals are left to other solvers.

    Small problems are solved by scipy's solver, and larger ones from guesses of their supports. Inside the cone the duals are
    not unique. Such draws are left, as are problems so large or of so few features that guesses are bad.
    """
    if units.size > FEW_NUMBERS:
        return np.zeros(signed.shape), np.full(len(signed), np.inf)
    if len(units) < MANY_POINTS or len(probes) < MANY_DRAWS or len(units) > 2 * units.shape[1]:
        pulls = np.array([_by_scipy(units, *problem) for problem in zip(signed, probes, strict=True)]).reshape(signed.shape)
        residuals = _residuals(units, signed, probes, pulls)
        return pulls, np.where(residuals <= ALLOWED["float64"], residuals, np.inf)
    pulls = signed_exchanges(gram, probes @ units.T, signed)
    left = np.linalg.norm(probes - pulls @ units, axis=1) / np.linalg.norm(probes, axis=1)
    residuals = _residuals(units, signed, probes, pulls)
    return pulls, np.where((left > INSIDE) & (residuals <= CLOSE), residuals, np.inf)


def _anchors(points: np.ndarray, duals: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The mean of each manifold's points with the duals of every draw for weights, (n, P, N); 0 where all duals vanish."""
    sizes = np.diff(edges)
    if np.all(sizes == sizes[0]):
        own = duals.reshape(len(duals), len(sizes), -1)
        weights = own.sum(2)
        found = own.swapaxes(0, 1) @ points.reshape(*own.shape[1:], -1)
        return found.swapaxes(0, 1) / np.where(weights > 0, weights, 1.0)[..., None]
    anchors = np.zeros((len(duals), len(sizes), points.shape[1]))
    for manifold, (start, stop) in enumerate(pairwise(edges)):
        own = duals[:, start:stop]
        weights = own.sum(1, keepdims=True)
        anchors[:, manifold] = own @ points[start:stop] / np.where(weights > 0, weights, 1.0)
    return anchors


def _is_separable(units: np.ndarray, gram: np.ndarray, signs: np.ndarray, draw: int) -> bool:
    """Whether some v has y z.v < 0 for all points z: whether the hull of the signed points leaves out the origin.

    With a coordinate of 1 added to every signed point, the cone of the points contains the axis of that coordinate if and only
    if the hull contains the origin.
    """
    axis = np.zeros(units.shape[1] + 1)
    axis[-1] = 1.0
    raised = np.column_stack([units, signs])
    pulls, _ = _certified(raised, gram + np.outer(signs, signs), signs, axis, draw)
    return bool(np.linalg.norm(axis - raised.T @ pulls) > INSIDE)


def _certified(
    points: np.ndarray, gram: np.ndarray, signs: np.ndarray, vector: np.ndarray, draw: int
) -> tuple[np.ndarray, float]:
    """The signed duals of the point of the cone that is nearest to a vector, (K,), and their certified residual."""
    try:
        pulls, residual = _solved(points, gram, signs, vector)
    except RuntimeError as error:
        problem = f"{len(points)} points in {len(vector)} features"
        raise Uncertified(f"draw {draw}: no solution for {problem} ({error}). Leave out points that nearly coincide") from error
    certify(residual, lambda: f"draw {draw}, {len(points)} points of rank {np.linalg.matrix_rank(points)}")
    return pulls, residual


def _solved(points: np.ndarray, gram: np.ndarray, signs: np.ndarray, vector: np.ndarray) -> tuple[np.ndarray, float]:
    """The signed duals and their residual.

    What scipy's solver returns is sometimes not the solution, as for cones that are a whole subspace. Where its residual is too
    large, the problem is solved again by :func:`theory.numerics.signed_least_squares.signed_least_squares`.
    """
    if points.size <= FEW_NUMBERS:
        pulls = _by_scipy(points, signs, vector)
        residual = float(_residuals(points, signs[None], vector[None], pulls[None])[0])
        if residual <= ALLOWED["float64"]:
            return pulls, residual
    pulls = signed_least_squares(points, gram, signs, vector)
    return pulls, float(_residuals(points, signs[None], vector[None], pulls[None])[0])


def _by_scipy(points: np.ndarray, signs: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """The signed duals by scipy's solver, (K,); not a number where it gives up."""
    try:
        return signs * nnls((points * signs[:, None]).T, vector)[0]
    except RuntimeError:
        return np.full(len(points), np.nan)


def _residuals(points: np.ndarray, signs: np.ndarray, vectors: np.ndarray, pulls: np.ndarray) -> np.ndarray:
    """The worst violation of the optimality conditions of each draw, relative to the length of its vector, (n,)."""
    slack, size = (vectors - pulls @ points) @ points.T, np.linalg.norm(vectors, axis=1)
    outside, along = (signs * slack).max(1, initial=0.0) / size, np.abs((pulls * slack).sum(1)) / size**2
    return np.maximum(np.maximum(outside, along), -(signs * pulls).min(1, initial=0.0))
