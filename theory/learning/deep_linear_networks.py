"""Features of a deep linear network, layer by layer: compression within classes and discrimination between classes.

Source: Wang et al. 2025 (JMLR 26). The features are z_l = W_l ... W_1 x for K classes of n examples. L layers are trained by
gradient flow on the squared loss, from orthogonal weights of scale eps. The flow conserves W_l W_l^T - W_{l+1}^T W_{l+1}
(:func:`imbalances`) exactly: it is 0 for all layers but the last, where it is eps^2 (1 - projector of rank K). Up to terms in
eps, training therefore ends at the balanced factorization of the least-norm solution Y (X^T X)^-1 X^T. The layers share its K
singular values equally; these are sqrt(n) for orthonormal data. All other directions keep the gain eps per layer with which
they started.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp

from theory.numerics.validation import require, require_count

# The flow stops where the weights are this large; the error is of the order of the inverse square.
OUTGROWN = 1e6


Numbers = Any  # a number or an array, of the arguments' broadcast shape
Gram = ArrayLike  # (..., K, K)


def gram_discrimination(gram: Gram) -> np.ndarray:
    """The discrimination D, which is 1 minus the largest cosine between two class means, (...).

    :param gram: Gram matrix of the class means, (..., K, K).
    """
    gram = np.asarray(gram, dtype=float)
    size = np.sqrt(np.diagonal(gram, axis1=-2, axis2=-1))
    cosines = gram / (size[..., :, None] * size[..., None, :])
    return 1 - np.where(np.eye(gram.shape[-1], dtype=bool), -np.inf, cosines).max((-1, -2))


def input_compression(n_points: ArrayLike, n_classes: Numbers) -> Numbers:
    """The compression C of orthonormal examples: exactly (n - 1) K / (K - 1).

    Class means have squared norm 1/n and are orthogonal. Hence tr Sigma_W = 1 - 1/n and tr Sigma_B = (K - 1) / (n K).

    :param n_points: n >= 1, examples per class. :param n_classes: K >= 2. The arguments broadcast.
    """
    require_count("n_points", n_points, 1)
    require_count("n_classes", n_classes, 2)
    return (np.asarray(n_points) - 1.0) * n_classes / (np.asarray(n_classes) - 1.0)


def compression_ratio(n_points: ArrayLike, depth: ArrayLike, scale: ArrayLike) -> Numbers:
    """C_{l+1} / C_l = eps^2 n^(-1/L), the law for orthonormal examples at every layer.

    Source: Wang et al. 2025, main theorem, ideal case. Class means lie along the K top directions, which each layer multiplies
    by n^(1/2L). Deviations from the class means lie in the other directions, which each layer multiplies by eps. The law is
    approximate; :func:`compression_ratios` has corrections.

    :param n_points: n >= 1, examples per class. :param depth: L >= 2. :param scale: 0 < eps < 1. The arguments broadcast.
    """
    require_count("n_points", n_points, 1)
    require_count("depth", depth, 2)
    require((np.asarray(scale) > 0) & (np.asarray(scale) < 1), "scale", scale, "within 0..1")
    return np.asarray(scale) ** 2 * np.asarray(n_points) ** (-1.0 / np.asarray(depth))


@lru_cache
def decayed_gain(depth: int) -> float:
    """The gain, in units of eps, of the K residual directions that gradient flow shrinks in layers 1 to L - 1; to 1e-8.

    K rows of the initial W_L, pulled back through the orthogonal layers, point in directions b. To order d^(-1/2) these are
    orthogonal to the class directions a. In the plane of an a and its b the start is W_l = eps 1, W_L = eps b^T. As long as the
    output is small, the weights in units of eps, W_l = eps M_l and W_L = eps v, follow v' = (M_{L-1}..M_1 a)^T and
    M_l' = (v M_{L-1}..M_{l+1})^T (M_{l-1}..M_1 a)^T, whose only parameter is L. The conserved
    M_{L-1} M_{L-1}^T = v^T v + a a^T makes |v.b| / |v| the smaller singular value of every M_l once v has grown.

        L       2            3         4         5
        gain    1/sqrt(2)    0.83356   0.88441   0.91161

    At L = 2, v = (sinh t, cosh t).

    :param depth: L >= 2.
    """
    require_count("depth", depth, 2)

    def grown(_, state):
        return np.linalg.norm(state[:2]) - OUTGROWN

    grown.terminal = True
    start = np.concatenate([[0.0, 1.0], np.tile(np.eye(2).ravel(), depth - 1)])
    found = solve_ivp(_plane_flow, (0.0, np.inf), start, "DOP853", events=grown, rtol=1e-12, atol=1e-12)
    along_class, along_row = found.y[:2, -1]
    return float(abs(along_row) / np.hypot(along_class, along_row))


def _plane_flow(_, state):
    """The flow of :func:`decayed_gain`, in a rescaled time in which it grows exponentially at every depth."""
    last, layers = state[:2], state[2:].reshape(-1, 2, 2)
    forward, backward = [np.array([1.0, 0.0])], [last]
    for layer in layers:
        forward.append(layer @ forward[-1])
    for layer in layers[::-1]:
        backward.append(backward[-1] @ layer)
    outer = [np.outer(back, fore).ravel() for back, fore in zip(backward[-2::-1], forward[:-1], strict=True)]
    return np.concatenate([forward[-1], *outer]) / np.linalg.norm(last) ** (len(layers) - 1)


def compression_ratios(n_points: int, n_classes: int, n_features: int, depth: int, scale: float) -> np.ndarray:
    """C_{l+1} / C_l for l = 0 .. L - 2, with the leading corrections to :func:`compression_ratio`, averaged over the start.

    Let s be the :func:`decayed_gain` and law = eps^2 n^(-1/L). There are three corrections. First, K of the d - K residual
    directions have the gain s eps, which gives C_l the factor 1 - K/(d - K) (1 - s^(2l)). Second, the imbalance of the last
    layer raises the K top squared gains by law (1 - s^2)/L. Third, the top directions of W_1 tilt towards the b's by law (1 -
    s^2), squared. The examples forbid the tilt within their span, which leaves the share q^2 = (d - nK)/(d - K). By this share
    the gain of W_1 is smaller, and the gain of all layers together is larger.

    Omitted: overlaps between a's and b's, of order d^(-1/2) and of either sign, and higher powers of eps.

    :param n_points: n >= 2, because with one example per class nothing varies within classes. :param n_classes: K >= 2.
    :param n_features: d >= n K. :param depth: L >= 2. :param scale: 0 < eps < 1.
    :returns: (L - 1,).
    """
    require_count("n_points", n_points, 2)
    require_count("n_classes", n_classes, 2)
    require(n_features >= n_points * n_classes, "n_features", n_features, ">= n K, the number of examples")
    gain, n_residual = decayed_gain(depth) ** 2, n_features - n_classes
    left = 1 - n_classes / n_residual * (1 - gain ** np.arange(depth))
    law, free = compression_ratio(n_points, depth, scale), (n_features - n_points * n_classes) / n_residual
    raised = (1 + free) / depth - free * (np.arange(depth - 1) == 0)
    return law * left[1:] / left[:-1] * (1 - law * (1 - gain) * raised)


def mean_gram(inputs: ArrayLike, layer: ArrayLike, depth: int) -> np.ndarray:
    """The Gram matrix of the class means in the top K directions at a layer: ((Y (X^T X)^-1 Y^T)^-1)^(1 - l/L).

    The solution Phi = Y (X^T X)^-1 X^T = U S V^T maps class means to the unit vectors, so V^T means = S^-1 U^T. The first l of
    L balanced layers multiply by S^(l/L), which gives the Gram matrix U S^(2l/L - 2) U^T. It is exact for the balanced
    solution. It omits the parts of the means in the residual directions, which are of relative order eps^l in the features and
    unbounded at layer 0.

    :param inputs: (K, n, d), linearly independent examples. :param layer: l within 0..L, (...). :param depth: L.
    :returns: (..., K, K).
    """
    inputs = np.asarray(inputs, dtype=float)
    n_classes, n_points, _ = inputs.shape
    examples = inputs.reshape(n_classes * n_points, -1)
    gram = examples @ examples.T
    require(np.linalg.matrix_rank(examples) == len(examples), "inputs", inputs.shape, "linearly independent examples")
    labels = np.repeat(np.eye(n_classes), n_points, axis=0)
    values, vectors = np.linalg.eigh(labels.T @ np.linalg.solve(gram, labels))
    layer = np.asarray(layer, dtype=float)
    require((layer >= 0) & (layer <= depth), "layer", layer, "within 0..depth")
    powers = values ** -(1 - layer / depth)[..., None]
    return (vectors * powers[..., None, :]) @ vectors.T


def imbalances(weights: Sequence[np.ndarray]) -> list[np.ndarray]:
    """W_l W_l^T - W_{l+1}^T W_{l+1} of consecutive layers, which gradient flow conserves.

    W_l' = -W_{l+1}^T A and W_{l+1}' = -A W_l^T with a common matrix A, so both products change equally. A step eta of gradient
    descent adds eta^2 times the difference of the squared gradients. Over training these terms sum to order eta.

    :param weights: matrices W_1 .. W_L, in the order in which they act.
    """
    return [one @ one.T - other.T @ other for one, other in pairwise(weights)]
