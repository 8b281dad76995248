"""The time in which gradient flow fits labels, against the number of examples, for exchangeable kernels.

The assumptions and words are those of :mod:`theory.learning.early_learning`: outputs are linear in the parameters and start at
0, the loss is squared, and N = C n examples have a kernel of three values a, b, c
(:class:`~theory.kernels.exchangeable_kernels.Exchangeable`). With more examples of the same kernel, the rates are

    within = (a - b) / N,    between = within + (b - c) / C.

The rate within classes falls as 1 / N. The rate between classes tends to a limit, because every example of a class teaches the
others. The loss about the mean output, relative to its start, is

    share exp(-2 t between) + (1 - share) exp(-2 t within),

where ``share`` is the part of the labels' variance that is between classes. The time at which it reaches a level therefore
depends on N as follows.

    labels that follow the classes     share = 1                      time ~ N / (1 + q N),  q = (b - c) / (C (a - b))
    inputs of noise, without classes   b = c, so between = within     time ~ N
    permuted labels                    share = (C - 1) / (N - 1)      time ~ N, but for the share

The share of permuted labels is a mean over permutations. The exponent of the time over N is 1 in the last two rows, and
1 / (1 + q N) in the first. At one N, the time for permuted labels is between / within = 1 + q N times that for true labels, but
for the share. This ratio alone predicts how the time for true labels grows (:func:`growth_for_classes`).

One update of stochastic gradient descent advances the flow by the learning rate, whatever N is, so that updates are times.

Cross-entropy has the same exponents in the first two rows. By the symmetry among balanced classes, the residual e - p stays in
the space between classes. Hence f' = between (e - p), and a rate only changes the unit of time. For permuted labels p couples
both spaces, and the exponent 1 is an approximation.

Inputs of independent noise have b = c in expectation only. Their inner products fluctuate, which an exchangeable kernel leaves
out. As N approaches the number of directions of the kernel, the slowest rates fall below (a - b) / N, and the time grows faster
than N. For a linear kernel :func:`theory.learning.linear_learning_curves.marchenko_pastur` has this limit.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.kernels.exchangeable_kernels import Rates
from theory.numerics.validation import require, require_count

Numbers = Any  # a number or an array, of the arguments' broadcast shape
# Bisections from a bracket to rounding.
BISECTIONS = 80


def permuted_share(n_per_class: ArrayLike, n_classes: ArrayLike) -> Numbers:
    """The part of the variance of permuted labels that is between classes, (C - 1) / (C n - 1), a mean over permutations.

    It is the spread of :func:`theory.learning.early_learning.expected_mixing` for permuted_fraction 1, relative to 1 - 1/C.

    :param n_per_class: n >= 1. :param n_classes: C >= 2. The arguments broadcast.
    """
    require_count("n_per_class", n_per_class, 1)
    require_count("n_classes", n_classes, 2)
    classes = np.asarray(n_classes, dtype=float)
    return (classes - 1) / (classes * np.asarray(n_per_class) - 1)


def fitting_time(level: ArrayLike, rates: Rates, share: ArrayLike = 1.0) -> Numbers:
    """The time at which the loss about the mean output reaches a level, relative to its start, to rounding.

    :param level: above 0 and below 1.
    :param rates: of gradient flow, or of gradient descent at its steps; within > 0, between >= within.
    :param share: the part of the labels' variance that is between classes, 0..1. All arguments broadcast.
    :returns: in units of 1 / rates.
    """
    level, share = np.asarray(level, dtype=float), np.asarray(share, dtype=float)
    require((level > 0) & (level < 1), "level", level, "above 0 and below 1")
    require((share >= 0) & (share <= 1), "share", share, "within 0..1")
    require(np.asarray(rates.within) > 0, "rates", rates, "within > 0; otherwise some labels are never fitted")
    require(np.asarray(rates.between) >= rates.within, "rates", rates, "between >= within")
    between, within = np.asarray(rates.between, dtype=float), np.asarray(rates.within, dtype=float)
    low, high = (-np.log(level) / (2 * rate) + 0 * share for rate in np.broadcast_arrays(between, within))
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        above = share * np.exp(-2 * middle * between) + (1 - share) * np.exp(-2 * middle * within) > level
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return ((low + high) / 2)[()]


def growth_for_classes(growth: ArrayLike, ratio: ArrayLike) -> Numbers:
    """The factor by which the time for true labels grows when the number of examples grows by another factor.

    It is growth * ratio / (1 + growth (ratio - 1)): near 1 where the ratio is large, and ``growth`` where it is 1 because the
    kernel has no classes. The formula leaves the share of permuted labels between classes out.

    :param growth: of the number of examples, above 0.
    :param ratio: between / within before the growth, which is the ratio of the times for permuted and for true labels; at least
        1. The arguments broadcast.
    """
    growth, ratio = np.asarray(growth, dtype=float), np.asarray(ratio, dtype=float)
    require(growth > 0, "growth", growth, "above 0")
    require(ratio >= 1, "ratio", ratio, "at least 1: between >= within")
    return (growth * ratio / (1 + growth * (ratio - 1)))[()]
