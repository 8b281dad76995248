"""Exact moments, over the permutation, of the gradient of examples whose labels were permuted.

Take a group of n examples with Jacobians J_mu (C, parameters) of the logits and probabilities p_mu. The gradient of the mean
cross-entropy is (1/n) sum_mu J_mu^T (p_mu - e_label(mu)). A uniform permutation of the group's labels keeps the label shares m.
Both moments are therefore exact at every n, for any network at any time:

    E||g||^2 = ||(1/n) sum_mu J_mu^T (p_mu - m)||^2 + variance,

and the variance does not depend on the probabilities. The first term needs one backward pass (:func:`mean_cotangents`). The
variance follows from second moments of the Jacobians, at C backward passes per example. An unbiased estimate of the variance
needs one backward pass through the whole group for each random cotangent (:func:`cotangents`). The argument of the paper near
initialization (Stephenson et al. 2021, sec. 4.4) states that the first term is small; at zero logits, p = 1/C, it is 0 for
balanced labels.
"""

import numpy as np
from numpy.typing import ArrayLike

from theory.numerics.validation import require, require_count

Counts = ArrayLike  # (C,), whole numbers
Scatter = ArrayLike  # (C, C)
Cotangents = np.ndarray  # (..., n, C)


def label_covariance(label_counts: Counts) -> np.ndarray:
    """The scatter of the one-hot labels about their mean, sum_nu (e_nu - m)(e_nu - m)^T, shape (C, C).

    :param label_counts: number of examples of the group with each label, shape (C,).
    """
    counts = _counts(label_counts)
    return np.diag(counts) - np.outer(counts, counts) / counts.sum()


def permuted_gradient_variance(jacobian_scatter: Scatter, label_counts: Counts) -> float:
    """The total variance of the group's gradient over permutations, E||g - E g||^2.

    Identity: E||sum_mu J_mu^T e_pi(mu) - mean||^2 = (1/(n-1)) sum_{mu,nu} ||Jc_mu^T ec_nu||^2, with both factors centred over
    the group (the variance of a permutation statistic, Hoeffding 1951). It is divided by n^2 for the mean loss. The variance
    does not depend on the network's probabilities, so it is exact at any initialization.

    :param jacobian_scatter: sum_mu Jc_mu Jc_mu^T over the group's examples, Jacobians centred, shape (C, C).
    :param label_counts: number of examples with each label, shape (C,).
    :returns: a squared gradient norm.
    """
    counts = _counts(label_counts)
    n = counts.sum()
    scatter = _square("jacobian_scatter", jacobian_scatter, len(counts))
    return float(np.sum(label_covariance(counts) * scatter) / (n - 1) / n**2)


def permuted_gradient_mean_square(mean_jacobian_gram: Scatter, label_counts: Counts) -> float:
    """The squared norm of the group's gradient averaged over permutations, at zero logits.

    It is (1/C - m)^T G (1/C - m), where m are the label shares and G is the Gram matrix of the rows of the mean Jacobian. It is
    zero for balanced labels, for which the label-dependent part cancels the label-independent part.

    :param mean_jacobian_gram: G, shape (C, C).
    :param label_counts: number of examples with each label, shape (C,).
    :returns: a squared gradient norm.
    """
    counts = _counts(label_counts)
    gram = _square("mean_jacobian_gram", mean_jacobian_gram, len(counts))
    imbalance = 1 / len(counts) - counts / counts.sum()
    return float(imbalance @ gram @ imbalance)


def permuted_gradient_second_moment(jacobian_scatter: Scatter, mean_jacobian_gram: Scatter, label_counts: Counts) -> float:
    """E||g||^2 over permutations at zero logits.

    It is the sum of :func:`permuted_gradient_mean_square` and :func:`permuted_gradient_variance`, whose arguments it takes.
    """
    mean_square = permuted_gradient_mean_square(mean_jacobian_gram, label_counts)
    return mean_square + permuted_gradient_variance(jacobian_scatter, label_counts)


def mean_cotangents(probabilities: ArrayLike, label_counts: Counts) -> Cotangents:
    """Cotangents of the logits, (n, C), whose backward pass gives the mean gradient over permutations: (p_mu - m)/n.

    :param probabilities: p_mu of every example, shape (n, C); rows sum to 1.
    :param label_counts: number of examples with each label, shape (C,).
    """
    counts, probabilities = _counts(label_counts), np.asarray(probabilities, dtype=float)
    n = counts.sum()
    require(
        probabilities.shape == (n, len(counts)),
        "probabilities",
        probabilities.shape,
        f"of shape ({n:g}, {len(counts)}), examples by classes",
    )
    adding_up = np.abs(probabilities.sum(1) - 1) < 1e-4
    require((probabilities >= 0).all(1) & adding_up, "probabilities", probabilities, "rows >= 0 that sum to 1")
    return (probabilities - counts / n) / n


def cotangents(label_counts: Counts, n_draws: int, rng: np.random.Generator) -> Cotangents:
    """Random cotangents, (n_draws, n, C), whose backward pass has the covariance of the permuted gradient.

    The rows z_mu are independent Gaussians with covariance L / (n^2 (n - 1)), L = :func:`label_covariance`, and then are
    centred over the group. Because sum_mu J_mu^T (z_mu - zbar) = sum_mu Jc_mu^T z_mu, the sum over examples has covariance
    sum_mu Jc_mu^T L Jc_mu / (n^2 (n - 1)). That is the covariance of the permuted gradient. The mean squared norm of the
    backward passes is an unbiased estimate of the variance. Each backward pass is Gaussian, so the relative error with n_draws
    of them is at most sqrt(2 / n_draws).

    :param label_counts: number of examples with each label, shape (C,). :param n_draws: at least 1. :param rng: of the draws.
    """
    counts = _counts(label_counts)
    require_count("n_draws", n_draws, 1)
    n = counts.sum()
    noise = rng.standard_normal((n_draws, int(n), len(counts)))
    roots = np.sqrt(counts)
    drawn = noise * roots - (noise @ roots)[..., None] * counts / n
    return (drawn - drawn.mean(1, keepdims=True)) / (n * np.sqrt(n - 1))


def _counts(label_counts):
    counts = np.asarray(label_counts, dtype=float)
    require_count("label_counts", counts, 0)
    require(counts.ndim == 1 and counts.sum() >= 2, "label_counts", label_counts, "one row, (C,), with two examples or more")
    return counts


def _square(name, matrix, n_classes):
    matrix = np.asarray(matrix, dtype=float)
    require(matrix.shape == (n_classes, n_classes), name, matrix.shape, f"of shape ({n_classes}, {n_classes})")
    require(np.isfinite(matrix), name, matrix, "finite")
    return matrix
