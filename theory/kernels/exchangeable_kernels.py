"""Kernels that are exchangeable within classes, and their rates of learning.

Such a kernel has three values: for an example with itself, for two examples of one class, and for two examples of different
classes. With C classes of n examples it has three eigenspaces, for any three values:

    overall   the mean over all examples                 1 dimension
    between   class means about the overall mean         C - 1 dimensions
    within    examples about the mean of their class     C (n - 1) dimensions
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.numerics.validation import require, require_count, require_finite

Array = Any
Kernel = ArrayLike  # (n, n), symmetric
Classes = ArrayLike  # (n,)


@dataclass(frozen=True)
class Exchangeable:
    """The three values of a kernel: of an example with itself, with an example of its class, with one of another class."""

    same_example: Array
    same_class: Array
    other_class: Array

    def matrix(self, classes: Classes) -> np.ndarray:
        """The kernel matrix of examples with these classes, (n, n); the three values must be numbers."""
        same = np.equal.outer(classes, classes)
        kernel = np.where(same, self.same_class, self.other_class).astype(float)
        np.fill_diagonal(kernel, self.same_example)
        return kernel


@dataclass(frozen=True)
class Rates:
    """The rates at which gradient flow on (1 / 2N) sum ||f - e||^2 learns each eigenspace, eigenvalue / N, in 1 / time.

    overall: the mean over all examples. between: class means about the overall mean. within: examples about the class mean.
    """

    overall: Array
    between: Array
    within: Array

    def of_descent(self, learning_rate: Array) -> "Rates":
        """The rates of gradient descent, exact at its steps, where time is the step times the learning rate.

        One step multiplies a residual by 1 - learning_rate * rate. This is exp(-learning_rate * r) with
        r = -log(1 - learning_rate * rate) / learning_rate.

        :param learning_rate: > 0 and below 1 / (largest rate); above it residuals change sign.
        """
        require(np.asarray(learning_rate) > 0, "learning_rate", learning_rate, "> 0")
        rates = (self.overall, self.between, self.within)
        fits = [np.asarray(learning_rate) * rate < 1 for rate in rates]
        require(np.logical_and.reduce(np.broadcast_arrays(*fits)), "learning_rate", learning_rate, "below 1 / (largest rate)")
        return Rates(*(-np.log1p(-learning_rate * rate) / learning_rate for rate in rates))


def rates(kernel: Exchangeable, n_per_class: ArrayLike, n_classes: ArrayLike) -> Rates:
    """The rates of a kernel on C classes of n examples: its eigenvalues divided by N = C n.

    With the three values a, b and c, the rate within is (a - b) / N, between is (a - b + n (b - c)) / N, and overall is the
    rate between plus c.

    :param n_per_class: n; it need not be whole. :param n_classes: C >= 2. All arguments broadcast.
    :raises ValueError: a negative eigenvalue, which no kernel can have.
    """
    given = (kernel.same_example, kernel.same_class, kernel.other_class, n_per_class, n_classes)
    a, b, c, n, classes = np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in given))
    for name, value, least in (("n_per_class", n, 1), ("n_classes", classes, 2)):
        require(np.isfinite(value) & (value >= least), name, value, f"finite and >= {least}")
    within = a - b
    between = within + n * (b - c)
    overall = between + n * classes * c
    for value in (a, b, c):
        require_finite("kernel", value)
    # Rounding may make sums that cancel exactly slightly negative.
    slack = -1e-12 * n * classes * np.abs(a)
    positive = (within >= slack) & (between >= slack) & (overall >= slack)
    require(positive, "kernel", kernel, "positive semidefinite for these classes")
    return Rates(*(np.maximum(value, 0)[()] / (n * classes)[()] for value in (overall, between, within)))


def nearest(kernel: Kernel, classes: Classes) -> Exchangeable:
    """The exchangeable kernel nearest to a matrix in the Frobenius norm: the means over the three kinds of pairs.

    :param kernel: symmetric, (n, n).
    :param classes: of the examples, (n,); two or more classes, of which one has two or more examples.
    """
    kernel, same, itself = _pairs(kernel, classes)
    return Exchangeable(*(float(kernel[kind].mean()) for kind in (itself, same & ~itself, ~same)))


def distance(kernel: Kernel, classes: Classes) -> float:
    """The distance of a kernel from exchangeable kernels, ||K - nearest||_F / ||K - c||_F, within 0..1.

    c is the mean of K between classes. A constant kernel c does not distinguish examples, and is subtracted so that it does not
    lower the distance. The nearest exchangeable kernel is an orthogonal projection of the remainder. The distance is 0 if and
    only if K is exchangeable, and 1 if the projection is 0. The arguments are those of :func:`nearest`.
    """
    fit, classes = nearest(kernel, classes), np.asarray(classes)
    remainder = np.asarray(kernel, dtype=float) - fit.other_class
    size = np.linalg.norm(remainder)
    require(size > 0, "kernel", kernel, "different from a constant")
    return float(np.linalg.norm(kernel - fit.matrix(classes)) / size)


def distance_from_uniform(probabilities: ArrayLike) -> float:
    """The distance of probabilities from uniform, within 0..1: 0 where all are 1/C, and 1 where each is 0 or 1.

    It is the root mean square over examples of ||p - 1/C|| / sqrt(1 - 1/C).

    :param probabilities: shape (n, C); rows sum to 1.
    """
    probabilities = np.asarray(probabilities, dtype=float)
    require(probabilities.ndim == 2 and probabilities.size, "probabilities", probabilities.shape, "a matrix (n, C), not empty")
    c = probabilities.shape[1]
    require_count("number of classes", c, 2)
    rows = (probabilities >= 0).all(1) & (np.abs(probabilities.sum(1) - 1) < 1e-4)
    require(rows, "probabilities", probabilities, "rows >= 0 that sum to 1")
    return float(np.sqrt(((probabilities - 1 / c) ** 2).sum(1).mean() / (1 - 1 / c)))


def _pairs(kernel, classes):
    kernel, classes = np.asarray(kernel, dtype=float), np.asarray(classes)
    require(
        kernel.shape == (len(classes), len(classes)),
        "kernel",
        kernel.shape,
        f"of shape ({len(classes)}, {len(classes)}), as many as classes",
    )
    require_finite("kernel", kernel)
    require(np.abs(kernel - kernel.T) <= 1e-6 * np.abs(kernel).max(), "kernel", kernel, "symmetric")
    same, itself = np.equal.outer(classes, classes), np.eye(len(classes), dtype=bool)
    require((same & ~itself).any() and not same.all(), "classes", classes, "two or more, of which one has two or more examples")
    return kernel, same, itself
