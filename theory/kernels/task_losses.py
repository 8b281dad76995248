"""How fast a linearized network learns a task with one output, from its kernel.

Gradient flow on (1 / 2N) sum (f - y)^2 from outputs 0 learns every mode of the kernel by itself. The loss, relative to the
first one, is

    L(t) = sum_i c_i^2 exp(-2 r_i t),

where c_i is the component of y / ||y|| along mode i, and r_i the rate of that mode, its eigenvalue divided by N
(:mod:`theory.kernels.kernel_flow`). A task that is an eigenvector therefore decays as exp(-2 r_i t). For any other task the
mean rate r = sum_i c_i^2 r_i bounds the loss from below, L(t) >= exp(-2 r t), because the exponential is convex. The mean rate
is the alignment y^T K y / (||y||^2 ||K||) of the task with the kernel times ||K|| / N: no task is learned faster than its
alignment says, and an eigenvector is learned as fast.

Gradient descent with the learning rate eta multiplies mode i by 1 - eta r_i in a step, so that it has the decay
-ln|1 - eta r_i| / eta in place of the rate r_i, which is larger by a factor of 1 + eta r_i / 2 where eta r_i is small.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from theory.kernels.kernel_flow import Kernel, modes_of
from theory.numerics.validation import require, require_finite

Target = ArrayLike  # (N,)


def relative_loss(kernel: Kernel, target: Target, time: ArrayLike) -> Any:
    """L(t), of the shape of ``time``; time N^3.

    :param kernel: positive semidefinite. :param target: y, which is not 0. :param time: t >= 0.
    """
    rates, shares = components(kernel, target)
    time = np.asarray(time, dtype=float)
    require_finite("time", time)
    require(time >= 0, "time", time, ">= 0")
    return (np.exp(-2 * time[..., None] * rates) @ shares)[()]


def time_to(kernel: Kernel, target: Target, fraction: float, step: float = 0.0) -> float:
    """The time at which L(t) has fallen to a fraction of the first loss.

    :param fraction: within 0..1, both excluded, and above the share of the target that the kernel never learns.
    :param step: the learning rate eta of gradient descent, whose steps take the time eta each; 0 for gradient flow. It is below
        2 / the largest rate. Between two steps every mode goes on at its own decay.
    """
    rates, shares = components(kernel, target)
    learned = rates > 1e-12 * rates.max()
    never = shares[~learned].sum()
    require(0 <= step * rates.max() < 2, "step", step, f"0 or more, and below {2 / rates.max():.3g}, where descent diverges")
    rates = _decays(rates, step)
    require(0 < fraction < 1, "fraction", fraction, "above 0 and below 1")
    require(fraction > never, "fraction", fraction, f"above {never:.3g}, the share of the target that is never learned")
    # No mode learns faster than the fastest, or more slowly than the slowest that learns.
    earliest = np.log(1 / fraction) / (2 * rates.max())
    latest = np.log(1 / (fraction - never)) / (2 * rates[learned].min())
    above = lambda log: np.exp(-2 * np.exp(log) * rates) @ shares - fraction  # noqa: E731
    found: Any = brentq(above, np.log(earliest) - 1, np.log(latest) + 1)
    return float(np.exp(found))


def _decays(rates, step):
    """How fast gradient descent with a learning rate learns each mode; finite where one step is enough."""
    if not step:
        return rates
    return -np.log(np.maximum(np.abs(1 - step * rates), np.finfo(float).tiny)) / step


def earliest_time(kernel: Kernel, target: Target, fraction: float) -> float:
    """ln(1 / fraction) / (2 r): before it no loss of a task with the mean rate r is at a fraction of the first; time N^2.

    :param fraction: above 0 and at most 1.
    """
    kernel, target = np.asarray(kernel, dtype=float), _target(target)
    require(0 < fraction <= 1, "fraction", fraction, "above 0 and at most 1")
    require(kernel.shape == 2 * target.shape, "kernel", kernel.shape, f"square, with a row for each of {len(target)} targets")
    rate = target @ kernel @ target / (target @ target * len(target))
    require(rate > 0, "target", rate, "aligned with the kernel, with a mean rate above 0")
    return float(np.log(1 / fraction) / (2 * rate))


def components(kernel: Kernel, target: Target) -> tuple[np.ndarray, np.ndarray]:
    """The rates of a kernel, (N,), and the shares c_i^2 of the target along its modes, (N,), which add to 1; time N^3."""
    rates, modes = modes_of(kernel)
    target = _target(target)
    require(len(target) == len(rates), "target", len(target), f"as long as the {len(rates)} examples of the kernel")
    return rates, (modes.T @ target) ** 2 / (target @ target)


def _target(target):
    target = np.asarray(target, dtype=float)
    require_finite("target", target)
    require(target.ndim == 1 and np.any(target), "target", target, "one row, (N,), that is not 0")
    return target
