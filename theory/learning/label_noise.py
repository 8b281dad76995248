"""Permuted labels as label noise: their moments over permutations, exactly, and what they come to with many examples."""

import numpy as np

from theory.numerics.validation import require, require_count, require_finite


def permutation_moments(labels, n_permuted: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean, (n,), and covariance, (n, n), of labels of which m, chosen at random, are permuted uniformly among themselves.

    Coincidences stay. A label moves with probability (m - 1)/n, and then to any other place: E y' = (1 - a) y + a ybar,
    a = (m - 1)/(n - 1), and E y'^2 likewise from y^2. A pair of them becomes any pair of places within what is permuted: how
    many of the two places are left in the pair follows from how many are among the m, and the mean over the others from the
    sums of y and y^2. Exact at every n, for +-1, a column of one-hot labels, or real numbers alike.

    :param labels: (n,), n >= 4. :param n_permuted: m within 1..n.
    """
    labels = np.asarray(labels, dtype=float)
    require_finite("labels", labels)
    n, m = len(labels), n_permuted
    require_count("labels", n, 4)
    require_count("n_permuted", m, 1)
    require(m <= n, "n_permuted", m, "at most the number of labels")
    y = labels - labels.mean()
    shrink = (m - 1) / (n - 1)
    mean = (1 - shrink) * y
    second = _pair_moments(y, m)
    np.fill_diagonal(second, (1 - shrink) * y**2 + shrink * (y**2).mean())
    return labels.mean() + mean, second - np.outer(mean, mean)


def _pair_moments(y, m):
    """E y'_i y'_j for i != j, labels centred, (n, n); the diagonal has no meaning."""
    n = len(y)
    product, total = np.outer(y, y), y[:, None] + y
    rest = -total / (n - 2)  # a label other than the two
    squares = y[:, None] ** 2 + y**2
    rest_pair = (total**2 - ((y**2).sum() - squares)) / ((n - 2) * (n - 3))
    outside = (n - m) * (n - m - 1)
    straddling = (n - m) * (2 * product + (m - 1) * rest * total)
    inside = 2 * product + 2 * (m - 2) * rest * total + (m - 2) * (m - 3) * rest_pair
    if m == 1:
        inside = np.zeros_like(product)
    return (outside * product + straddling + inside) / (n * (n - 1))


def permuted_noise(permuted_fraction, signal, noise=0.0) -> tuple[np.ndarray, np.ndarray]:
    """What permuting a fraction comes to with many examples: the gain of the signal, and the variance of the noise.

    Labels whose linear part has variance S, and the rest of them sigma^2, become a linear part shrunk to 1 - eps and a rest,
    uncorrelated with the inputs, of variance sigma^2 + eps (2 - eps) S: the variance of all labels stays S + sigma^2. Up to
    terms of order 1/n, and as far as only second moments matter: the rest's variance varies with the label it replaces. For
    +-1 labels S + sigma^2 = 1.

    :param permuted_fraction: eps within 0..1. :param signal: S >= 0. :param noise: sigma^2 >= 0.
    """
    fraction = np.asarray(permuted_fraction, dtype=float)
    require((fraction >= 0) & (fraction <= 1), "permuted_fraction", permuted_fraction, "within 0..1")
    require(np.asarray(signal) >= 0, "signal", signal, ">= 0")
    require(np.asarray(noise) >= 0, "noise", noise, ">= 0")
    return 1 - fraction, noise + fraction * (2 - fraction) * np.asarray(signal, dtype=float)
