"""How outputs respond to labels while gradient flow trains a linearized network, from its kernel.

Gradient flow on (1 / 2N) sum ||f - e||^2 from outputs 0 has the outputs A(t) (e - 1/C) about the mean label, where
A(t) = 1 - exp(-K t / N), in the units of time in which a mode of K learns at its eigenvalue divided by N.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from theory.numerics.validation import require, require_count, require_finite

Kernel = ArrayLike  # (N, N), symmetric
Classes = ArrayLike  # (N,)


def response(kernel: Kernel, time: float) -> np.ndarray:
    """A(t) = 1 - exp(-K t / N), (N, N): the response of every output to every label; time N^3.

    :param kernel: positive semidefinite. :param time: t >= 0.
    """
    require_finite("time", time)
    require(np.asarray(time) >= 0, "time", time, ">= 0")
    rates, modes = modes_of(kernel)
    return (modes * -np.expm1(-rates * time)) @ modes.T


@dataclass(frozen=True)
class RateSpectrum:
    """All rates of a kernel, and how much of each is between and within classes.

    rates: eigenvalues divided by N, (N,). between, within: shares of each mode, (N,), which add to 1 each: of the C - 1
        directions of class means about the overall mean, and of the N - C directions of examples about the mean of their class.
    n_classes: C, of the classes that occur.
    """

    rates: np.ndarray
    between: np.ndarray
    within: np.ndarray
    n_classes: int


def rate_spectrum(kernel: Kernel, classes: Classes) -> RateSpectrum:
    """The rates of a kernel, and their shares between and within classes; time N^3.

    :param kernel: positive semidefinite. :param classes: of the examples; two or more classes, one of two or more examples.
    """
    rates, modes = modes_of(kernel)
    found, places = np.unique(np.asarray(classes), return_inverse=True)
    require(len(places) == len(rates), "classes", len(places), f"as many as the {len(rates)} examples of the kernel")
    require(2 <= len(found) < len(rates), "classes", classes, "two or more, of which one has two or more examples")
    members = np.eye(len(found))[places]
    overall = modes.sum(0) ** 2 / len(rates)
    classwise = ((members.T @ modes) ** 2 / members.sum(0)[:, None]).sum(0)
    between, within = classwise - overall, 1 - classwise
    return RateSpectrum(rates, between / (len(found) - 1), within / (len(rates) - len(found)), len(found))


def modes_of(kernel: Kernel) -> tuple[np.ndarray, np.ndarray]:
    """The rates of a kernel, eigenvalues divided by N, (N,), and its modes in columns, (N, N); time N^3."""
    kernel = np.asarray(kernel, dtype=float)
    require(kernel.ndim == 2 and kernel.shape[0] == kernel.shape[1], "kernel", kernel.shape, "a square matrix (N, N)")
    require_finite("kernel", kernel)
    largest = np.abs(kernel).max()
    require(np.abs(kernel - kernel.T) <= 1e-6 * largest, "kernel", kernel, "symmetric")
    values, modes = np.linalg.eigh(kernel)
    # Rounding may make eigenvalues that are 0 slightly negative.
    require(
        values >= -1e-6 * len(kernel) * largest, "kernel", values.min(), "positive semidefinite, without eigenvalues below 0"
    )
    require_count("examples", len(kernel), 2)
    return np.maximum(values, 0) / len(kernel), modes
