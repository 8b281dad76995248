"""Two-layer ReLU networks that interpolate any labels of points on a sphere, where gradient descent can stay.

A network is f(x) = sum_k v_k max(0, w_k . x - b_k) + beta, and its loss is (1 / 2n) sum_i (f(x_i) - y_i)^2. Descent at the rate
eta stays at a minimum only if the largest eigenvalue of the Hessian there is at most 2 / eta, the edge of stability. Liang et
al. 2025 show that data on a sphere can be memorized below it: their bound is 1 + (D^2 + 2) / n for labels within -D..D. The
derivation here is ours, and its bound is smaller.

Every point of a sphere is cut off from the others by a plane. A unit w_i = s_i x_i whose threshold lies between the point and
its nearest other is active at x_i alone, with any activation g_i > 0 that the scale s_i sets, and v_i = y_i / g_i interpolates.
At a minimum of loss 0 the Hessian is (1 / n) sum_i J_i J_i^T, where J_i is the gradient of f(x_i). Its nonzero eigenvalues are
those of the tangent kernel over n. The gradient of f(x_i) is g_i for v_i, v_i x_i for w_i, -v_i for b_i and 1 for beta, so that
the kernel is

    J_i . J_j = 1 + delta_ij h_i,    h_i = g_i^2 + 2 y_i^2 / g_i^2.

The activation g_i^2 = sqrt(2) |y_i| makes h_i least, 2 sqrt(2) |y_i|. (g_i = |y_i| gives the published y_i^2 + 2, which is
never smaller.) The largest eigenvalue then lies between 1 and 1 + 2 sqrt(2) D / n. No interpolating network with an output bias
has less than 1, because the gradient for beta alone gives that.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from theory.numerics.validation import require, require_finite

Points = ArrayLike  # (n, d), of norm 1
Labels = ArrayLike  # (n,)


@dataclass(frozen=True)
class ReluNetwork:
    """A two-layer network: directions w_k, (K, d), thresholds b_k, (K,), outputs v_k, (K,), and the output bias beta."""

    directions: np.ndarray
    thresholds: np.ndarray
    outputs: np.ndarray
    bias: float = 0.0


def interpolating_network(points: Points, labels: Labels) -> ReluNetwork:
    """The network of the module's docstring, with a unit for every label that is not 0, in the order of the points.

    Rounding errors grow as the smallest squared distance of two points shrinks.

    :param points: distinct.
    """
    points, labels = _checked(points, labels)
    cosines = points @ points.T
    np.fill_diagonal(cosines, -1.0)
    between = (1 + cosines.max(1)) / 2
    require(between < 1, "points", points.shape, "distinct")
    own = labels != 0
    activations = np.sqrt(np.sqrt(2) * np.abs(labels[own]))
    scales = activations / (1 - between[own])
    return ReluNetwork(scales[:, None] * points[own], scales * between[own], labels[own] / activations)


def sharpness(labels: Labels) -> float:
    """The largest eigenvalue of the Hessian of the loss at :func:`interpolating_network`; time n^3.

    It is that of diag(h) + 1 1^T over n, and depends on the labels only.
    """
    labels = _labels(labels)
    kernel = np.diag(unit_kernels(labels)) + 1
    return float(np.linalg.eigvalsh(kernel)[-1] / len(labels))


def unit_kernels(labels: Labels) -> np.ndarray:
    """h_i = 2 sqrt(2) |y_i|, what the unit of each point adds to its own tangent kernel, (n,)."""
    return 2 * np.sqrt(2) * np.abs(_labels(labels))


def sharpness_bound(labels: Labels) -> float:
    """1 + 2 sqrt(2) max |y| / n, which :func:`sharpness` does not exceed; equality where all labels have one size."""
    labels = _labels(labels)
    return 1 + float(unit_kernels(labels).max()) / len(labels)


def _checked(points, labels):
    points, labels = np.asarray(points, dtype=float), _labels(labels)
    require(points.ndim == 2 and len(points) == len(labels), "points", points.shape, f"of shape ({len(labels)}, d)")
    norms = np.linalg.norm(points, axis=1)
    require(np.abs(norms - 1) < 1e-9, "points", norms, "of norm 1")
    return points, labels


def _labels(labels):
    labels = np.asarray(labels, dtype=float)
    require(labels.ndim == 1 and len(labels) > 0, "labels", labels.shape, "of shape (n,), with one label or more")
    require_finite("labels", labels)
    return labels
