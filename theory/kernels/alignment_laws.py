"""The law of the alignment of an example with the examples of its label, over permutations of the labels.

The score of an example i whose label is c is

    a_i = (1/n) sum_{j != i} K_ij (delta(y'_j, c) - 1/C),

where K is the kernel of the features or of the tangent space, centred over the examples, and y' are the labels after m of n
were permuted. It is the alignment of the example's gradient with the mean gradient at zero logits, without what all labels have
in common and without the example itself. A right example (y'_i = y_i) has the mean M_i(y_i), a wrong one the mean M_i(c).

The mean is exact at every n: the chance that j has label c is that given that i has it, because both moments of the permutation
are known (:mod:`theory.kernels.label_noise`). The variance k_i^T Cov_c k_i leaves this condition out, which is a relative
error of order 1/n. The law of a score is taken for normal where it is compared with another score. All of this holds for any
symmetric matrix in place of K, such as the response of outputs to labels (:mod:`theory.kernels.kernel_flow`); an output
includes the example itself, whose part K_ii (1 - 1/C) / n is the same for every label (``own``).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from theory.kernels.label_noise import OneHotMoments, one_hot_moments
from theory.numerics.validation import require, require_count, require_finite

Kernel = ArrayLike  # (n, n), symmetric
Classes = ArrayLike  # (n,), whole numbers 0..C-1


@dataclass(frozen=True)
class AlignmentLaw:
    """The law of every example's score given its label c, (n, C) each.

    mean, variance: of the score. probability: that the example has label c. classes: the true classes, (n,).
    """

    mean: np.ndarray
    variance: np.ndarray
    probability: np.ndarray
    classes: np.ndarray


def centred(kernel: Kernel) -> np.ndarray:
    """The kernel of features from which their mean over the examples is subtracted, (n, n)."""
    kernel = _square(kernel)
    columns = kernel.mean(0)
    return kernel - columns - columns[:, None] + columns.mean()


def alignment_law(kernel: Kernel, classes: Classes, n_classes: int, n_permuted: int, own: bool = False) -> AlignmentLaw:
    """The law of the scores over permutations; time n^2 C, and memory for two matrices (n, n).

    :param kernel: as it is to be used: pass :func:`centred` of a kernel for the centred score.
    :param classes: true classes. :param n_classes: C >= 2. :param n_permuted: m within 2..n.
    :param own: the example itself is left in.
    """
    kernel, classes = _square(kernel), _whole(classes, n_classes)
    n = len(classes)
    require(kernel.shape == (n, n), "kernel", kernel.shape, f"of shape ({n}, {n}), as many as classes")
    require_count("n_permuted", n_permuted, 2)
    members = np.eye(n_classes)[classes]
    moments = one_hot_moments(members.sum(0), n_permuted)
    itself = np.diagonal(kernel)
    others = kernel - np.diag(itself)
    # Sums over the examples of class c, and over all others.
    sums, squares = _by_membership(others, members), _by_membership(others**2, members)
    mean = _mean(sums, members, moments) - others.sum(1)[:, None] / n_classes
    if own:
        mean = mean + itself[:, None] * (1 - 1 / n_classes)
    probability = np.where(members == 1, moments.mean[1], moments.mean[0])
    return AlignmentLaw(mean / n, _variance(sums, squares, moments) / n**2, probability, classes)


def _by_membership(matrix, members):
    within = matrix @ members
    return np.stack([matrix.sum(1)[:, None] - within, within])


def _mean(sums, members, moments: OneHotMoments):
    """sum_j K_ij P(y'_j = c | y'_i = c), (n, C)."""
    # A class without examples is no label.
    chance = np.where(moments.mean > 0, moments.mean, 1)
    given = moments.mean[:, None] + moments.covariance / chance
    unlike, like = ((sums * given[:, own, None]).sum(0) for own in (0, 1))
    return np.where(members == 1, like, unlike)


def _variance(sums, squares, moments: OneHotMoments):
    """k_i^T Cov_c k_i, (n, C), from the values of the covariance on and off its diagonal."""
    covariance = moments.covariance
    own = moments.variance - covariance[[0, 1], [0, 1]]
    spread = (squares * own[:, None]).sum(0)
    return np.maximum(spread + np.einsum("anc,abc,bnc->nc", sums, covariance, sums), 0)


def _square(kernel):
    kernel = np.asarray(kernel, dtype=float)
    require(kernel.ndim == 2 and kernel.shape[0] == kernel.shape[1], "kernel", kernel.shape, "a square matrix (n, n)")
    require_finite("kernel", kernel)
    return kernel


def _whole(classes, n_classes):
    require_count("n_classes", n_classes, 2)
    require_count("classes", classes, 0)
    classes = np.asarray(classes)
    inside = classes.ndim == 1 and classes.size and classes.max() < n_classes
    require(inside, "classes", classes, f"one row, (n,), of numbers below n_classes = {n_classes}")
    return classes.astype(int)
