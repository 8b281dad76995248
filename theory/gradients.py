"""The gradient of examples whose labels were permuted: its exact moments over the permutation.

For a group of n examples with Jacobians J_mu (C, parameters) of the logits, and probabilities 1/C on every example (zero
logits), the gradient of the mean cross-entropy is (1/n) sum_mu J_mu^T (1/C - e_label(mu)). Permuting the group's labels
uniformly leaves its label counts as they are, so that mean and total variance over permutations follow exactly from second
moments of the Jacobians. The paper's argument near initialization (Stephenson et al. 2021, sec. 4.4) is the statement that
this mean is small; the identity here is exact at every n.
"""

import numpy as np

from theory.domain import require


def label_covariance(label_counts):
    """Scatter of the one-hot labels about their mean, sum_nu (e_nu - m)(e_nu - m)^T, shape (C, C).

    :param label_counts: examples of the group that carry each label, shape (C,).
    """
    counts = _counts(label_counts)
    return np.diag(counts) - np.outer(counts, counts) / counts.sum()


def permuted_gradient_variance(jacobian_scatter, label_counts):
    """Total variance over permutations of the group's gradient, E||g - E g||^2.

    Identity: E||sum_mu J_mu^T e_pi(mu) - mean||^2 = (1/(n-1)) sum_{mu,nu} ||Jc_mu^T ec_nu||^2, both factors centred over
    the group (the variance of a permutation statistic, Hoeffding 1951), divided by n^2 for the mean loss. Independent of
    the probabilities the network assigns, hence exact at any initialization.

    :param jacobian_scatter: sum_mu Jc_mu Jc_mu^T over the group's examples, Jacobians centred, shape (C, C).
    :param label_counts: shape (C,).
    :returns: squared gradient norm, a number.
    """
    counts = _counts(label_counts)
    n = counts.sum()
    scatter = _square("jacobian_scatter", jacobian_scatter, len(counts))
    return float(np.sum(label_covariance(counts) * scatter) / (n - 1) / n**2)


def permuted_gradient_mean_square(mean_jacobian_gram, label_counts):
    """Squared norm of the mean over permutations of the group's gradient, at zero logits.

    (1/C - m)^T G (1/C - m) with m the label shares and G the Gram matrix of the mean Jacobian's rows: zero for balanced
    labels, where the label-dependent part averages out against the label-independent one.

    :param mean_jacobian_gram: G, shape (C, C).
    :param label_counts: shape (C,).
    """
    counts = _counts(label_counts)
    gram = _square("mean_jacobian_gram", mean_jacobian_gram, len(counts))
    imbalance = 1 / len(counts) - counts / counts.sum()
    return float(imbalance @ gram @ imbalance)


def permuted_gradient_second_moment(jacobian_scatter, mean_jacobian_gram, label_counts):
    """E||g||^2 over permutations at zero logits: :func:`permuted_gradient_mean_square` plus the variance."""
    mean_square = permuted_gradient_mean_square(mean_jacobian_gram, label_counts)
    return mean_square + permuted_gradient_variance(jacobian_scatter, label_counts)


def _counts(label_counts):
    counts = np.asarray(label_counts, dtype=float)
    require((counts >= 0) & np.isfinite(counts), "label_counts", label_counts, "finite and >= 0")
    require(counts.ndim == 1 and counts.sum() >= 2, "label_counts", label_counts, "one row with two examples or more")
    return counts


def _square(name, matrix, n_classes):
    matrix = np.asarray(matrix, dtype=float)
    require(matrix.shape == (n_classes, n_classes), name, matrix.shape, f"of shape ({n_classes}, {n_classes})")
    require(np.isfinite(matrix), name, matrix, "finite")
    return matrix
