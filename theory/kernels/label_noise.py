"""Permuted labels as label noise: exact moments over permutations, and the limit of many examples."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.numerics.validation import require, require_count, require_finite

Numbers = Any  # a number or an array, of the arguments' broadcast shape
Labels = ArrayLike  # (n,), real numbers


def permutation_moments(labels: Labels, n_permuted: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean, (n,), and covariance, (n, n), of labels of which m, chosen at random, are permuted uniformly among themselves.

    Coincidences stay. A label moves with probability (m - 1)/n, and then with equal probability to any other place. Hence
    E y' = (1 - a) y + a ybar, a = (m - 1)/(n - 1), and E y'^2 follows from y^2 in this way. For pairs, the number of the two
    places that are among the m decides how many labels of the pair can move. The mean over the other labels follows from the
    sums of y and y^2. The moments are exact at every n, for labels +-1, a column of one-hot labels, or real numbers.

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
    second = _pair_moments(y[:, None], y, (y**2).sum(), n, m)
    np.fill_diagonal(second, (1 - shrink) * y**2 + shrink * (y**2).mean())
    return labels.mean() + mean, second - np.outer(mean, mean)


@dataclass(frozen=True)
class OneHotMoments:
    """Moments of one-hot columns of labels after a permutation; the last axis is the column c, a class.

    In front of it, 1 stands for a place whose own label was c, and 0 for any other place.

    mean: the probability that a place has label c afterwards, (2, C). variance: of its entry, (2, C).
    covariance: of the entries of two places, (2, 2, C).
    """

    mean: np.ndarray
    variance: np.ndarray
    covariance: np.ndarray


def one_hot_moments(label_counts: ArrayLike, n_permuted: int) -> OneHotMoments:
    """The moments of :func:`permutation_moments` for every column of one-hot labels, at a cost that does not grow with n.

    Entries of a column have two values, so that the (n, n) covariance has three values off its diagonal.

    :param label_counts: examples of each class, whole numbers, (C,), n >= 4 together. :param n_permuted: m within 1..n.
    """
    require_count("label_counts", label_counts, 0)
    counts = np.asarray(label_counts, dtype=float)
    n, m = counts.sum(), n_permuted
    require(counts.ndim == 1 and n >= 4, "label_counts", label_counts, "one row, (C,), with 4 examples or more")
    require_count("n_permuted", m, 1)
    require(m <= n, "n_permuted", m, "at most the number of labels")
    share, shrink = counts / n, (m - 1) / (n - 1)
    y = np.stack([-share, 1 - share])
    square_mean = share * (1 - share)
    mean = (1 - shrink) * y
    second = _pair_moments(y[:, None], y, n * square_mean, n, m)
    variance = (1 - shrink) * y**2 + shrink * square_mean - mean**2
    return OneHotMoments(share + mean, variance, second - mean[:, None] * mean)


def _pair_moments(one, other, sum_of_squares, n, m):
    """E y'_i y'_j for i != j and centred labels; it has no meaning where both are the same place."""
    product, total = one * other, one + other
    rest = -total / (n - 2)  # a label other than the two
    squares = one**2 + other**2
    rest_pair = (total**2 - (sum_of_squares - squares)) / ((n - 2) * (n - 3))
    outside = (n - m) * (n - m - 1)
    straddling = (n - m) * (2 * product + (m - 1) * rest * total)
    inside = 2 * product + 2 * (m - 2) * rest * total + (m - 2) * (m - 3) * rest_pair
    if m == 1:
        inside = np.zeros_like(product)
    return (outside * product + straddling + inside) / (n * (n - 1))


def permuted_noise(permuted_fraction: ArrayLike, signal: ArrayLike, noise: Numbers = 0.0) -> tuple[Numbers, Numbers]:
    """The gain of the signal, 1 - eps, and the variance of the noise, after a fraction eps of many labels was permuted.

    Let the linear part of the labels have variance S, and the remainder variance sigma^2. Permutation shrinks the linear part
    by the factor 1 - eps, and the remainder, uncorrelated with the inputs, gets the variance sigma^2 + eps (2 - eps) S. The
    variance of all labels stays S + sigma^2. The result holds up to terms of order 1/n, and for second moments only, because
    the variance of the remainder depends on the label that it replaces. For labels +-1, S + sigma^2 = 1.

    :param permuted_fraction: eps within 0..1. :param signal: S >= 0. :param noise: sigma^2 >= 0.
    """
    fraction = np.asarray(permuted_fraction, dtype=float)
    require((fraction >= 0) & (fraction <= 1), "permuted_fraction", permuted_fraction, "within 0..1")
    require(np.asarray(signal) >= 0, "signal", signal, ">= 0")
    require(np.asarray(noise) >= 0, "noise", noise, ">= 0")
    return 1 - fraction, noise + fraction * (2 - fraction) * np.asarray(signal, dtype=float)
