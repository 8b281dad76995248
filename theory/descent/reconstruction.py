"""How well the input is reconstructed from the outputs of a single linear layer while it learns by gradient descent.

A layer W, (k, d), is trained on inputs x and targets y by descent on the loss (1 / 2n) sum |W x - y|^2. In the modes of the
second moment S = (1/n) sum x x^T, with eigenvalues r, the weights after t steps at the rate eta are

    W(t) = W_0 (1 - eta r)^t + C (1 - (1 - eta r)^t) / r,    C = (1/n) sum y x^T,

with eta t in place of (1 - (1 - eta r)^t) / r where r = 0. The best linear decoder of the outputs W x leaves the share

    e(W) = 1 - tr((W S W^T)^+ W S^2 W^T) / tr S

of the inputs unexplained. For a single output with the components c_i in the modes it is 1 - m / tr S, where m is the mean of
r with the weights c_i^2 r_i: the reconstruction is as good as the modes are large that the output listens to. This is why it
has phases (Schneider 2022; the derivation is ours). Initial weights listen to all modes alike. The large modes, those of the
prototypes that most examples share, are learned first, and the error falls. Few hard examples, which look like another
prototype and are told by a feature of their own, have a small mode and a large weight in the solution. It is learned last, and
the error rises.

With two modes R > r, (c_r / c_R)^2 decides. It goes from its initial value towards the one of the solution. Where descent
starts at 0 at a rate of at most 1 / R, it only grows, so that the error only rises: (1 - (1 - eta r)^t) / (1 - (1 - eta R)^t)
grows with t. At a higher rate the larger mode overshoots, and the error falls and rises in turn.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from theory.numerics.validation import require, require_count, require_finite

# Directions of the outputs with less than this part of the largest variance are rounding.
RANK = 1e-12


def errors(
    start: ArrayLike, second_moment: ArrayLike, cross_moment: ArrayLike, rate: float, steps: Sequence[int]
) -> np.ndarray:
    """The share e of the inputs that is not reconstructed after each of some numbers of steps, (steps,).

    :param start: W_0, (k, d). :param second_moment: S, (d, d), positive semidefinite and not 0.
    :param cross_moment: C, (k, d). :param rate: eta > 0. :param steps: whole numbers >= 0.
    """
    values, modes = _modes(second_moment)
    require_count("steps", steps, 0)
    require(np.isfinite(rate) and rate > 0, "rate", rate, "finite and > 0")
    first = _weights("start", start, len(values)) @ modes
    cross = _weights("cross_moment", cross_moment, len(values)) @ modes
    return np.array([_unexplained(_descended(first, cross, values, rate, n), values) for n in steps])


def _descended(start, cross, values, rate, n_steps):
    """The weights after some steps, in the modes, (k, d)."""
    kept = (1 - rate * values) ** n_steps
    gained = np.where(values > 0, (1 - kept) / np.where(values > 0, values, 1), rate * n_steps)
    return start * kept + cross * gained


def _unexplained(weights, values):
    """e of weights in the modes; 1 for outputs that do not vary."""
    heard = weights * np.sqrt(values)
    sizes, directions = np.linalg.svd(heard, full_matrices=False)[1:]
    directions = directions[sizes > RANK * max(sizes[0], np.finfo(float).tiny)]
    return 1 - float((np.square(directions) @ values).sum() / values.sum())


def _modes(second_moment):
    moment = np.asarray(second_moment, dtype=float)
    require(moment.ndim == 2 and moment.shape[0] == moment.shape[1], "second_moment", moment.shape, "of shape (d, d)")
    require_finite("second_moment", moment)
    values, modes = np.linalg.eigh(moment)
    require(values[-1] > 0 and values[0] > -1e-9 * values[-1], "second_moment", values, "positive semidefinite and not 0")
    return np.where(values > RANK * values[-1], values, 0), modes


def _weights(name, received, n_inputs):
    weights = np.asarray(received, dtype=float)
    require(weights.ndim == 2 and weights.shape[1] == n_inputs, name, weights.shape, f"of shape (k, {n_inputs})")
    require_finite(name, weights)
    return weights
