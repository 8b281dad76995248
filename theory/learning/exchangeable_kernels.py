"""Kernels that know of two examples only whether they are the same one, of one class, or of two: exchangeable within classes.

With C classes of n examples they have three eigenspaces, whatever the values: the mean over all examples (1 dimension), the
class means about it (C - 1), and what is left within classes (C (n - 1)).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from theory.numerics.validation import require, require_count, require_finite

Array = Any


@dataclass(frozen=True)
class Exchangeable:
    """Values of the kernel: an example with itself, with another of its class, and with one of another class."""

    same_example: Array
    same_class: Array
    other_class: Array

    def matrix(self, classes) -> np.ndarray:
        """The kernel among examples of these classes, (n, n); its values must be numbers."""
        same = np.equal.outer(classes, classes)
        kernel = np.where(same, self.same_class, self.other_class).astype(float)
        np.fill_diagonal(kernel, self.same_example)
        return kernel


@dataclass(frozen=True)
class Rates:
    """How fast gradient flow on (1 / 2N) sum ||f - e||^2 learns each eigenspace, its eigenvalue / N, in units of 1 / time.

    overall: the mean over all examples; between: class means about it; within: examples about their class mean.
    """

    overall: Array
    between: Array
    within: Array

    def of_descent(self, learning_rate) -> "Rates":
        """Rates at which gradient descent gets there, at time = step times learning rate: exact at its steps.

        One step takes 1 - learning_rate * rate, which is exp(-learning_rate * r) with r = -log(1 - ...) / learning_rate.

        :param learning_rate: > 0 and below 1 / (largest rate), beyond which residuals change sign.
        """
        require(np.asarray(learning_rate) > 0, "learning_rate", learning_rate, "> 0")
        rates = (self.overall, self.between, self.within)
        fits = [np.asarray(learning_rate) * rate < 1 for rate in rates]
        require(np.logical_and.reduce(np.broadcast_arrays(*fits)), "learning_rate", learning_rate, "below 1 / (largest rate)")
        return Rates(*(-np.log1p(-learning_rate * rate) / learning_rate for rate in rates))


def rates(kernel: Exchangeable, n_per_class, n_classes) -> Rates:
    """Eigenvalues over N = C n of a kernel among C classes of n examples.

    With a, b, c its three values: within (a - b) / N, between (a - b + n (b - c)) / N, overall that plus c.

    :param n_per_class: n, need not be whole; all broadcast. :param n_classes: C >= 2.
    :raises ValueError: a negative eigenvalue, which no kernel has.
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
    # Sums that cancel exactly may come out a rounding below 0.
    slack = -1e-12 * n * classes * np.abs(a)
    positive = (within >= slack) & (between >= slack) & (overall >= slack)
    require(positive, "kernel", kernel, "positive semidefinite")
    return Rates(*(np.maximum(value, 0)[()] / (n * classes)[()] for value in (overall, between, within)))


def nearest(kernel, classes) -> Exchangeable:
    """The exchangeable kernel nearest to a matrix in the Frobenius norm: its means over the three kinds of pairs.

    :param kernel: symmetric, (n, n). :param classes: of the examples, (n,); two or more, one of them with two examples or more.
    """
    kernel, same, itself = _pairs(kernel, classes)
    return Exchangeable(*(float(kernel[kind].mean()) for kind in (itself, same & ~itself, ~same)))


def distance(kernel, classes) -> float:
    """How far a kernel is from exchangeable, ||K - nearest||_F / ||K - c||_F, 0 to 1; c its mean between classes.

    A constant kernel c tells no two examples apart and is left out, so that it cannot dilute the distance. The nearest
    exchangeable kernel is an orthogonal projection of what remains: 0 if and only if K is exchangeable, 1 if nothing of it is.
    Arguments as :func:`nearest`.
    """
    fit, classes = nearest(kernel, classes), np.asarray(classes)
    remainder = np.asarray(kernel, dtype=float) - fit.other_class
    size = np.linalg.norm(remainder)
    require(size > 0, "kernel", kernel, "other than constant")
    return float(np.linalg.norm(kernel - fit.matrix(classes)) / size)


def distance_from_uniform(probabilities) -> float:
    """How far probabilities are from 1/C, as a share of the way to certainty: 0 for uniform, 1 where every one is 0 or 1.

    Root mean square over examples of ||p - 1/C|| / sqrt(1 - 1/C).

    :param probabilities: rows adding up to 1, shape (n, C).
    """
    probabilities = np.asarray(probabilities, dtype=float)
    require(probabilities.ndim == 2 and probabilities.size, "probabilities", probabilities.shape, "a matrix (n, C), not empty")
    c = probabilities.shape[1]
    require_count("number of classes", c, 2)
    rows = (probabilities >= 0).all(1) & (np.abs(probabilities.sum(1) - 1) < 1e-4)
    require(rows, "probabilities", probabilities, "rows >= 0 that add up to 1")
    return float(np.sqrt(((probabilities - 1 / c) ** 2).sum(1).mean() / (1 - 1 / c)))


def _pairs(kernel, classes):
    kernel, classes = np.asarray(kernel, dtype=float), np.asarray(classes)
    require(kernel.shape == (len(classes), len(classes)), "kernel", kernel.shape, f"of shape ({len(classes)}, {len(classes)})")
    require_finite("kernel", kernel)
    require(np.abs(kernel - kernel.T) <= 1e-6 * np.abs(kernel).max(), "kernel", kernel, "symmetric")
    same, itself = np.equal.outer(classes, classes), np.eye(len(classes), dtype=bool)
    require((same & ~itself).any() and not same.all(), "classes", classes, "two or more, one of them with two examples or more")
    return kernel, same, itself
