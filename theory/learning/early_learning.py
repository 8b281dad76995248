"""What a linearized network learns of permuted and of unpermuted examples, and when: losses over time in closed form.

Assumed: outputs linear in the parameters (the kernel regime) and 0 at first, squared loss (1 / 2N) sum ||f(x) - e_label||^2
under gradient flow, a kernel that is :class:`~theory.learning.exchangeable_kernels.Exchangeable`, classes of n examples, a
share eps of every class permuted uniformly within the permuted group, coincidences included. Labels then evolve in three
eigenspaces. With v the trained label of an example less the mean label 1/C, u its true one, A_k = (1 - eps) u + eps d_k the
mean of v over class k and d_k that over its permuted examples, the output at time t is

    f - 1/C = -gamma / C + (1 - beta) A_k + (1 - omega) (v - A_k),    gamma, beta, omega = exp(-t rates).

Everything else is the mean of squares of this, in which the permutation enters by two numbers only (:class:`Mixing`).
Cross-entropy from zero logits starts with the same residuals, 1/C - e, but for the overall mean of balanced labels, which it
has from the start: at first it falls at :func:`decrease_rates` with ``overall`` 0. How far a network is from either assumption,
:func:`~theory.learning.exchangeable_kernels.distance` and
:func:`~theory.learning.exchangeable_kernels.distance_from_uniform` measure.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from theory.learning.exchangeable_kernels import Rates
from theory.learning.permuted_gradient_share import require_mixture
from theory.numerics.validation import require, require_finite

Array = Any
# Bisections from a bracket of a few time constants to rounding.
BISECTIONS = 80


@dataclass(frozen=True)
class Mixing:
    """What the permutation did, averaged over classes k, d_k the labels' shares among the class's permuted examples less 1/C.

    spread: ||d_k||^2; coincidence: u_k . d_k, the share that kept its label less 1/C.
    """

    spread: Array
    coincidence: Array


@dataclass(frozen=True)
class Losses:
    """Of each group, a number or array: permuted examples against their trained labels, restored ones against the true."""

    unpermuted: Array
    permuted: Array
    restored: Array


def expected_mixing(n_per_class, n_classes, permuted_fraction) -> Mixing:
    """Its mean over permutations: spread (1 - 1/C)(C - 1)/(C m - 1), m = eps n, and coincidence 0.

    Labels of a class are m drawn without replacement out of C m: hypergeometric. The losses are linear in both numbers, so that
    their expectations are the losses at these. Arguments broadcast; m and n - m at least 1, need not be whole.
    """
    n, c, eps = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (n_per_class, n_classes, permuted_fraction)))
    require_mixture(c, eps)
    require(
        np.minimum(eps, 1 - eps) * n >= 1 - 1e-9, "n_per_class", n_per_class, "one example per class or more in either group"
    )
    spread = (1 - 1 / c) * (c - 1) / (c * np.maximum(eps * n, 1) - 1)
    return Mixing(spread[()], np.zeros_like(spread)[()])


def realized_mixing(true, trained, n_classes: int) -> Mixing:
    """That of one permutation.

    :param true, trained: labels of the permuted group's examples, 0..C-1, (..., n); as many of every true class.
    """
    for name, labels in (("true", true), ("trained", trained)):
        inside = (np.asarray(labels) >= 0) & (np.asarray(labels) < n_classes)
        require(inside, name, labels, f"labels within 0..{n_classes - 1}")
    require(
        np.shape(trained)[-1:] == np.shape(true)[-1:], "trained", np.shape(trained), "as many labels as there are true ones"
    )
    one_hot, members = np.eye(n_classes)[np.asarray(trained)], np.eye(n_classes)[np.asarray(true)]
    counts = members.sum(-2)
    require((counts > 0) & (counts == counts[..., :1]), "true", true, f"as many of each of {n_classes} classes")
    shares = np.swapaxes(members / counts[..., None, :], -1, -2) @ one_hot - 1 / n_classes
    return Mixing((shares**2).sum((-1, -2)) / n_classes, np.trace(shares, axis1=-2, axis2=-1) / n_classes)


def losses(time, rates: Rates, n_classes, permuted_fraction, mixing: Mixing) -> Losses:
    """Mean of ||f - e||^2 / 2 over each group at a time; 1/2 at first.

    :param time: >= 0, in units of 1 / rates; everything broadcasts. :param rates: of flow, or of descent at its steps.
    :param mixing: expected or realized, for the losses to be so.
    """
    require(np.asarray(time) >= 0, "time", time, ">= 0")
    gamma, beta, omega = (np.exp(-np.asarray(time) * rate) for rate in (rates.overall, rates.between, rates.within))
    unpermuted, permuted, classes = _groups(n_classes, permuted_fraction, mixing)
    mean = gamma**2 / np.asarray(n_classes, dtype=float)
    from_trained = mean + permuted.residual(beta, omega)
    # f - u = (v - u) + (f - v), and v - u is 0 for the unpermuted.
    missed = classes - mixing.coincidence
    along_mean = permuted.label_mean - unpermuted.label_mean
    from_true = from_trained + 2 * (missed - beta * along_mean - omega * (missed - along_mean))
    return Losses((mean + unpermuted.residual(beta, omega)) / 2, from_trained / 2, from_true / 2)


def decrease_rates(rates: Rates, n_classes, permuted_fraction, mixing: Mixing) -> Losses:
    """-dL/dt of each group at time 0, in units of the rates. Arguments as :func:`losses`.

    Class means help unpermuted examples by (1 - eps)(1 - 1/C) on average, and permuted ones by their noise eps spread alone.
    With ``overall`` 0 these are the rates of cross-entropy at zero logits.
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


def ignored_until(rates: Rates, n_classes, permuted_fraction, mixing: Mixing, share=0.1):
    """The time until which permuted examples are ignored: after it their loss against the labels they are trained on has
    always fallen by more than ``share`` of what the unpermuted group's has; 0 if so from the start.

    Falls are counted beyond the overall mean, whose part gamma^2 / 2C is common to all groups and knows no example from
    another: both go from 0 to (1 - 1/C) / 2. A loss and not a gradient, because a gradient also vanishes once its examples
    are fitted, and because a loss needs no choice of layers. The difference of falls is a polynomial in beta and omega whose
    slope is omega^2 times a quadratic in beta / omega: its last minimum is closed, and beyond it it rises to its end.

    :param rates: within > 0 and between >= within (b >= c). :param share: within 0..1, 1 excluded; everything broadcasts.
    :returns: time in units of 1 / rates, to a relative 1e-8; for descent, time / learning_rate is the step, rounded down.
    """
    share = np.asarray(share, dtype=float)
    require((share >= 0) & (share < 1), "share", share, "within 0..1, 1 excluded")
    require(np.asarray(rates.within) > 0, "rates", rates, "within > 0, or permuted examples are never learnt")
    require(np.asarray(rates.between) >= rates.within, "rates", rates, "between >= within")
    unpermuted, permuted, classes = _groups(n_classes, permuted_fraction, mixing)
    parts = zip(permuted.coefficients(), unpermuted.coefficients(), strict=True)
    arrays = (*(p - share * u for p, u in parts), (1 - share) * classes, rates.between, rates.within)
    return _last_root(*np.broadcast_arrays(*arrays))[()]


def _last_root(squared, mixed, own, end, between, within):
    """Last zero in t of end - squared beta^2 - mixed beta omega - own omega^2, which is 0 at t = 0; 0 where none is later."""

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
    """Means over a group, v its trained labels: label_mean v . A, mean_square ||A||^2, own ||v - A||^2, mixed A . (v - A)."""

    label_mean: Array
    mean_square: Array
    own: Array

    @property
    def mixed(self):
        return self.label_mean - self.mean_square

    def coefficients(self):
        """Of beta^2, beta omega and omega^2 in the squared residual."""
        return self.mean_square, 2 * self.mixed, self.own

    def residual(self, beta, omega):
        squared, mixed, own = self.coefficients()
        return squared * beta**2 + mixed * (beta * omega) + own * omega**2


def _groups(n_classes, permuted_fraction, mixing):
    """The unpermuted group, the permuted one, and ||u||^2 = 1 - 1/C."""
    c, eps = np.asarray(n_classes, dtype=float), np.asarray(permuted_fraction, dtype=float)
    require_mixture(c, eps)
    require_finite("mixing", mixing.spread)
    require_finite("mixing", mixing.coincidence)
    spread, coincidence, classes = mixing.spread, mixing.coincidence, 1 - 1 / c
    true, drawn = (1 - eps) * classes + eps * coincidence, (1 - eps) * coincidence + eps * spread
    mean_square = (1 - eps) * true + eps * drawn
    unpermuted = _Group(true, mean_square, eps**2 * (classes + spread - 2 * coincidence))
    return unpermuted, _Group(drawn, mean_square, classes - 2 * drawn + mean_square), classes
