"""The gradient of examples whose labels were permuted: its exact moments over the permutation.

For a group of n examples with Jacobians J_mu (C, parameters) of the logits and probabilities p_mu, the gradient of the mean
cross-entropy is (1/n) sum_mu J_mu^T (p_mu - e_label(mu)). Permuting the group's labels uniformly leaves its label counts as
they are, so that with m the label shares, both moments are exact at every n and for any network as it stands:

    E||g||^2 = ||(1/n) sum_mu J_mu^T (p_mu - m)||^2 + variance,

the variance free of the probabilities. The first term takes one backward pass (:func:`mean_cotangents`). The variance follows
from second moments of the Jacobians, C backward passes an example, or without bias from random cotangents pulled back through
the whole group, one backward pass each (:func:`cotangents`). The paper's argument near
initialization (Stephenson et al. 2021, sec. 4.4) is the statement that the first term is small; at zero logits, p = 1/C, it is
0 for balanced labels.
"""

import numpy as np

from theory.numerics.validation import require, require_count


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


def mean_cotangents(probabilities, label_counts):
    """Cotangents of the logits that pull back to the gradient's mean over permutations, (p_mu - m)/n, shape (n, C).

    :param probabilities: p_mu of every example, rows adding up to 1, shape (n, C). :param label_counts: shape (C,).
    """
    counts, probabilities = _counts(label_counts), np.asarray(probabilities, dtype=float)
    n = counts.sum()
    require(probabilities.shape == (n, len(counts)), "probabilities", probabilities.shape, f"of shape ({n:g}, {len(counts)})")
    adding_up = np.abs(probabilities.sum(1) - 1) < 1e-4
    require((probabilities >= 0).all(1) & adding_up, "probabilities", probabilities, "rows >= 0 that add up to 1")
    return (probabilities - counts / n) / n


def cotangents(label_counts, n_draws: int, rng: np.random.Generator):
    """Random cotangents whose pull-back through the group has the permuted gradient's covariance, shape (n_draws, n, C).

    Rows z_mu are independent Gaussians of covariance L / (n^2 (n - 1)), L = :func:`label_covariance`, then centred over the
    group. As sum_mu J_mu^T (z_mu - zbar) = sum_mu Jc_mu^T z_mu, the sum over examples has covariance
    sum_mu Jc_mu^T L Jc_mu / (n^2 (n - 1)), which is the permuted gradient's; its mean squared norm is the variance, without
    bias. A pull-back is Gaussian, so that the relative error of n of them is at most sqrt(2 / n).

    :param label_counts: shape (C,). :param n_draws: at least 1.
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
    require(counts.ndim == 1 and counts.sum() >= 2, "label_counts", label_counts, "one row with two examples or more")
    return counts


def _square(name, matrix, n_classes):
    matrix = np.asarray(matrix, dtype=float)
    require(matrix.shape == (n_classes, n_classes), name, matrix.shape, f"of shape ({n_classes}, {n_classes})")
    require(np.isfinite(matrix), name, matrix, "finite")
    return matrix
