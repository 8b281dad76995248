"""Alignment with the mean gradient, summed over training, is the drop of an example's own loss.

Under gradient flow d loss_i / dt = -<g_i, G>, where g_i is the example's gradient and G the mean gradient over all examples.
Under descent with the rate lr the sum of lr <g_i, G> exceeds the drop by half of what the loss curves along the steps: by a
term of first order in the rate, because there are 1 / lr steps of size lr^2. So alignment that is summed over training ranks
examples as their loss does.

For linear outputs and the squared loss ||f_i - e_i||^2 / 2 the excess is exact: half the summed squared steps of the output.
"""

import numpy as np
from numpy.typing import ArrayLike

from theory.kernels.kernel_flow import Kernel, modes_of
from theory.numerics.validation import require, require_count, require_finite

Targets = ArrayLike  # (N, K)


def loss_drop(kernel: Kernel, targets: Targets, learning_rate: float, n_steps: int) -> np.ndarray:
    """The drop of every example's loss in T steps of descent on the mean loss from outputs 0, (N,); time N^3.

    In the modes of K / N, at the rates r, a step multiplies what is not yet learned by 1 - lr r.

    :param kernel: positive semidefinite. :param learning_rate: lr > 0. :param n_steps: T >= 0.
    """
    rates, modes, targets = _problem(kernel, targets, learning_rate, n_steps)
    left = (modes * (1 - learning_rate * rates) ** n_steps) @ (modes.T @ targets)
    return ((targets**2).sum(1) - (left**2).sum(1)) / 2


def alignment_excess(kernel: Kernel, targets: Targets, learning_rate: float, n_steps: int) -> np.ndarray:
    """sum_t lr <g_i, G_t> - :func:`loss_drop`, (N,): half of the summed squared steps of the outputs, exact at any rate.

    The steps of two modes a and b add to lr^2 r_a r_b (1 - q^T) / (1 - q), q = (1 - lr r_a)(1 - lr r_b). For small rates this
    is lr r_a r_b (1 - exp(-(r_a + r_b) t)) / (r_a + r_b), of first order in lr. Time and memory N^2 (N + K). The arguments are
    those of :func:`loss_drop`.
    """
    rates, modes, targets = _problem(kernel, targets, learning_rate, n_steps)
    steps, wanted = learning_rate * rates, modes.T @ targets
    kept = np.multiply.outer(1 - steps, 1 - steps)
    # 1 - q without cancellation; both modes may have rate 0.
    lost = steps[:, None] + steps - np.multiply.outer(steps, steps)
    moves = np.where(lost == 0, n_steps, (1 - kept**n_steps) / np.where(lost == 0, 1, lost))
    product = np.multiply.outer(steps, steps) * moves * (wanted @ wanted.T)
    return np.einsum("ia,ab,ib->i", modes, product, modes, optimize=True) / 2


def _problem(kernel, targets, learning_rate, n_steps):
    rates, modes = modes_of(kernel)
    targets = np.asarray(targets, dtype=float)
    require(targets.ndim == 2 and len(targets) == len(rates), "targets", targets.shape, f"of shape ({len(rates)}, K)")
    require_finite("targets", targets)
    require(np.isfinite(learning_rate) and learning_rate > 0, "learning_rate", learning_rate, "finite and > 0")
    require_count("n_steps", n_steps, 0)
    return rates, modes, targets
