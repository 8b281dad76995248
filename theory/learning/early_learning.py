"""The losses of a linearized network on permuted and unpermuted examples over time, in closed form.

Assumptions. Outputs are linear in the parameters (the kernel regime) and start at 0. Gradient flow minimizes the squared loss
(1 / 2N) sum ||f(x) - e_label||^2. The kernel is :class:`~theory.kernels.exchangeable_kernels.Exchangeable`. Classes have n
examples each. A share eps of every class is permuted uniformly within the permuted group, coincidences included.

Labels then evolve in three eigenspaces. Let v be the trained label of an example minus the mean label 1/C, and u the true label
minus 1/C. Let d_k be the mean of v over the permuted examples of class k, so that A_k = (1 - eps) u + eps d_k is the mean of v
over class k. The output at time t is

    f - 1/C = -gamma / C + (1 - beta) A_k + (1 - omega) (v - A_k),    gamma, beta, omega = exp(-t rates).

The losses are means of squares of this expression, which depend on the permutation through two numbers (:class:`Mixing`).

Cross-entropy from zero logits starts with the residuals 1/C - e as well, except for the overall mean of balanced labels, which
is right from the start. At first cross-entropy therefore falls at :func:`decrease_rates` with ``overall`` 0. The distance of a
network from the two assumptions is measured by :func:`~theory.kernels.exchangeable_kernels.distance` and
:func:`~theory.kernels.exchangeable_kernels.distance_from_uniform`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.kernels.exchangeable_kernels import Rates
from theory.learning.permuted_gradient_share import require_mixture
from theory.numerics.validation import require, require_finite

Array = Any
Labels = ArrayLike  # (..., n), whole numbers 0..C-1
# Bisections from a bracket of a few time constants to rounding.
BISECTIONS = 80


@dataclass(frozen=True)
class Mixing:
    """The two numbers through which losses depend on a permutation, averaged over classes k.

    d_k are the shares of the labels among the permuted examples of class k, minus 1/C.

    spread: ||d_k||^2. coincidence: u_k . d_k, the share of examples that kept their label, minus 1/C.
    """

    spread: Array
    coincidence: Array


@dataclass(frozen=True)
class Losses:
    """A loss, or its rate of decrease, for each group; numbers or arrays.

    unpermuted: unpermuted examples. permuted: permuted examples against their trained labels. restored: permuted examples
    against their true labels.
    """

    unpermuted: Array
    permuted: Array
    restored: Array


def expected_mixing(n_per_class: ArrayLike, n_classes: ArrayLike, permuted_fraction: ArrayLike) -> Mixing:
    """The mean of the mixing over permutations: spread (1 - 1/C)(C - 1)/(C m - 1), m = eps n, and coincidence 0.

    The m labels of a class are drawn without replacement from C m labels (hypergeometric). The losses are linear in both
    numbers, so the losses at the expected mixing are the expected losses.

    :param n_per_class: n, where m and n - m are at least 1 and need not be whole. :param n_classes: C >= 2.
    :param permuted_fraction: eps within 0..1, both excluded. The arguments broadcast.
    """
    n, c, eps = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (n_per_class, n_classes, permuted_fraction)))
    require_mixture(c, eps)
    require(
        np.minimum(eps, 1 - eps) * n >= 1 - 1e-9,
        "n_per_class",
        n_per_class,
        "one or more examples per class in either group",
    )
    spread = (1 - 1 / c) * (c - 1) / (c * np.maximum(eps * n, 1) - 1)
    return Mixing(spread[()], np.zeros_like(spread)[()])


def realized_mixing(true: Labels, trained: Labels, n_classes: int) -> Mixing:
    """The mixing of given permutations.

    :param true, trained: labels of the permuted group's examples, 0..C-1, (..., n), with equally many examples of every true
        class.
    :param n_classes: C.
    :returns: arrays (...).
    """
    for name, labels in (("true", true), ("trained", trained)):
        inside = (np.asarray(labels) >= 0) & (np.asarray(labels) < n_classes)
        require(inside, name, labels, f"labels within 0..{n_classes - 1}")
    require(np.shape(trained)[-1:] == np.shape(true)[-1:], "trained", np.shape(trained), "as many labels as true has")
    one_hot, members = np.eye(n_classes)[np.asarray(trained)], np.eye(n_classes)[np.asarray(true)]
    counts = members.sum(-2)
    require(
        (counts > 0) & (counts == counts[..., :1]),
        "true",
        true,
        f"equally many of each of {n_classes} classes",
    )
    shares = np.swapaxes(members / counts[..., None, :], -1, -2) @ one_hot - 1 / n_classes
    return Mixing((shares**2).sum((-1, -2)) / n_classes, np.trace(shares, axis1=-2, axis2=-1) / n_classes)


def losses(time: ArrayLike, rates: Rates, n_classes: ArrayLike, permuted_fraction: ArrayLike, mixing: Mixing) -> Losses:
    """The mean of ||f - e||^2 / 2 over each group at given times; it is 1/2 at time 0.

    :param time: >= 0, in units of 1 / rates. All arguments broadcast.
    :param rates: of gradient flow, or of gradient descent at its steps.
    :param n_classes: C >= 2. :param permuted_fraction: eps within 0..1, both excluded.
    :param mixing: expected mixing for expected losses, realized mixing for the losses of a given permutation.
    """
    require(np.asarray(time) >= 0, "time", time, ">= 0")
    gamma, beta, omega = (np.exp(-np.asarray(time) * rate) for rate in (rates.overall, rates.between, rates.within))
    unpermuted, permuted, classes = _groups(n_classes, permuted_fraction, mixing)
    mean = gamma**2 / np.asarray(n_classes, dtype=float)
    from_trained = mean + permuted.residual(beta, omega)
    # f - u = (v - u) + (f - v), and v - u is 0 for unpermuted examples.
    missed = classes - mixing.coincidence
    along_mean = permuted.label_mean - unpermuted.label_mean
    from_true = from_trained + 2 * (missed - beta * along_mean - omega * (missed - along_mean))
    return Losses((mean + unpermuted.residual(beta, omega)) / 2, from_trained / 2, from_true / 2)


def decrease_rates(rates: Rates, n_classes: ArrayLike, permuted_fraction: ArrayLike, mixing: Mixing) -> Losses:
    """-dL/dt of each group at time 0, in units of the rates.

    Learning the class means lowers the loss of unpermuted examples in proportion to (1 - eps)(1 - 1/C) on average. It lowers
    the loss of permuted examples in proportion to the noise eps spread only. With ``overall`` 0 these are the rates of
    cross-entropy at zero logits. The arguments are those of :func:`losses`.
    """
    unpermuted, permuted, classes = _groups(n_classes, permuted_fraction, mixing)
    mean = rates.overall / np.asarray(n_classes, dtype=float)

    def rate(along_mean, along_own):
        return mean + rates.between * along_mean + rates.within * (along_own - along_mean)

    return Losses(
        rate(unpermuted.label_mean, classes),
        rate(permuted.label_mean, classes),
        rate(unpermuted.label_mean, mixing.coincidence),
    )


def ignored_until(
    rates: Rates, n_classes: ArrayLike, permuted_fraction: ArrayLike, mixing: Mixing, share: ArrayLike = 0.1
) -> Array:
    """The time until which permuted examples are ignored, in units of 1 / rates, to a relative 1e-8.

    After this time the loss of permuted examples against their trained labels has always fallen by more than ``share`` of the
    fall of the loss of unpermuted examples. The time is 0 if that holds from the start.

    Falls do not include the overall mean: its part gamma^2 / 2C is common to all groups and does not distinguish examples. Both
    falls go from 0 to (1 - 1/C) / 2. The definition uses a loss rather than a gradient for two reasons: a gradient also
    vanishes once its examples are fitted, and a loss needs no choice of layers. The difference of the falls is a polynomial in
    beta and omega, whose slope is omega^2 times a quadratic in beta / omega. The last minimum of the difference has a closed
    form, and after it the difference rises.

    :param rates: within > 0 and between >= within (b >= c). :param share: within 0..1, 1 excluded.
    :param n_classes, permuted_fraction, mixing: as in :func:`losses`. All arguments broadcast.
    :returns: a time; for gradient descent, time / learning_rate is the step, to be rounded down.
    """
    share = np.asarray(share, dtype=float)
    require((share >= 0) & (share < 1), "share", share, "within 0..1, 1 excluded")
    require(np.asarray(rates.within) > 0, "rates", rates, "within > 0; otherwise permuted examples are never learned")
    require(np.asarray(rates.between) >= rates.within, "rates", rates, "between >= within")
    unpermuted, permuted, classes = _groups(n_classes, permuted_fraction, mixing)
    parts = zip(permuted.coefficients(), unpermuted.coefficients(), strict=True)
    arrays = (*(p - share * u for p, u in parts), (1 - share) * classes, rates.between, rates.within)
    return _last_root(*np.broadcast_arrays(*arrays))[()]


def _last_root(squared, mixed, own, end, between, within):
    """The last zero in t of end - squared beta^2 - mixed beta omega - own omega^2; 0 where the zero at t = 0 is the last."""

    def difference(t):
        beta, omega = np.exp(-between * t), np.exp(-within * t)
        return end - squared * beta**2 - mixed * beta * omega - own * omega**2

    linear = (between + within) * mixed / 2
    discriminant = np.maximum(linear**2 - 4 * between * squared * within * own, 0)
    turns = (linear < 0) & (own > 0) & (between > within)
    x = 2 * within * own / np.where(turns, np.sqrt(discriminant) - linear, 1.0)
    turns &= (x > 0) & (x < 1)
    low = -np.log(np.where(turns, x, 1.0)) / np.where(turns, between - within, 1.0)
    later = turns & (difference(low) < 0)
    largest = np.abs(squared) + np.abs(mixed) + np.abs(own)
    high = np.maximum(low, np.log(np.maximum(largest / end, 1)) / (2 * within))
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        below = difference(middle) < 0
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(later, (low + high) / 2, 0.0)


@dataclass(frozen=True)
class _Group:
    """Means over a group with trained labels v: label_mean v . A, mean_square ||A||^2, own ||v - A||^2, mixed A . (v - A)."""

    label_mean: Array
    mean_square: Array
    own: Array

    @property
    def mixed(self):
        return self.label_mean - self.mean_square

    def coefficients(self):
        """The coefficients of beta^2, beta omega and omega^2 in the squared residual."""
        return self.mean_square, 2 * self.mixed, self.own

    def residual(self, beta, omega):
        squared, mixed, own = self.coefficients()
        return squared * beta**2 + mixed * (beta * omega) + own * omega**2


def _groups(n_classes, permuted_fraction, mixing):
    """The unpermuted group, the permuted group, and ||u||^2 = 1 - 1/C."""
    c, eps = np.asarray(n_classes, dtype=float), np.asarray(permuted_fraction, dtype=float)
    require_mixture(c, eps)
    require_finite("mixing", mixing.spread)
    require_finite("mixing", mixing.coincidence)
    spread, coincidence, classes = mixing.spread, mixing.coincidence, 1 - 1 / c
    true, drawn = (1 - eps) * classes + eps * coincidence, (1 - eps) * coincidence + eps * spread
    mean_square = (1 - eps) * true + eps * drawn
    unpermuted = _Group(true, mean_square, eps**2 * (classes + spread - 2 * coincidence))
    return unpermuted, _Group(drawn, mean_square, classes - 2 * drawn + mean_square), classes
