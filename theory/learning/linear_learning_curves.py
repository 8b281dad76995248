"""Training and test error of a linear network under gradient flow with noisy labels, over time.

Source: Advani, Saxe & Sompolinsky 2020. Weights w learn labels X w* + noise from n examples of d features by gradient flow on
the loss ||X w - y||^2 / 2n. In the eigenbasis of the data covariance X^T X / n, with eigenvalue lambda, the initial weights
decay as e^(-lambda t). The learned noise, sigma / sqrt(n lambda), grows as 1 - e^(-lambda t). Both errors are sums over the
spectrum. The spectrum is that of a given design (exact), or the Marchenko-Pastur law, its limit for many independent features
of unit variance. Test inputs have independent features of unit variance, so the test error is ||w - w*||^2 plus the variance
of the test labels.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from theory.numerics.gauss_legendre import NODES, WEIGHTS
from theory.numerics.validation import require, require_finite

# Panels shrink towards the lower edge of the spectrum down to this angle, because late times depend on the lower edge.
FINEST = 1e-7
GRID_PER_DECADE = 24
REFINED = np.float64(1e-13)


@dataclass(frozen=True)
class Modes:
    """The eigenvalues of the data covariance, and what is to be learned along each eigenvector; arrays (..., modes).

    Let a be the initial weights minus the target of the labels, and b the target minus the truth. Expectations are over random
    noise and initial weights.

    eigenvalue: lambda >= 0. weight: the weight of the mode in the errors.
    distance: E a^2. cross: E a b. bias: E b^2.
    noise: variance of the label noise along the direction, divided by n.
    unlearnable: the training error that no weights can remove, (...).
    """

    eigenvalue: np.ndarray
    weight: np.ndarray
    distance: np.ndarray
    cross: np.ndarray
    bias: np.ndarray
    noise: np.ndarray
    unlearnable: float | np.ndarray


def fixed_design(
    design: ArrayLike,
    truth: ArrayLike,
    noise: ArrayLike = 0.0,
    *,
    labels: ArrayLike | None = None,
    start: ArrayLike = 0.0,
    start_variance: float = 0.0,
) -> Modes:
    """The modes of given inputs, for errors that are averaged exactly over the noise and the initial weights.

    :param design: X, (n, d), or many of them, (..., n, d), each of which has modes. :param truth: w*, (d,).
    :param noise: variance of the training labels about their mean, or their covariance, (n, n); 0 for fixed labels.
    :param labels: mean of the training labels, (n,); X w* by default.
    :param start: mean of the initial weights, (d,) or one number.
    :param start_variance: variance of each initial weight; the initial weights are independent.
    """
    design, truth = np.asarray(design, dtype=float), np.asarray(truth, dtype=float)
    require(design.ndim >= 2 and design.size > 0, "design", design.shape, "a matrix (n, d), not empty")
    n, d = design.shape[-2:]
    require(truth.shape == (d,), "truth", truth.shape, "of shape (d,) for a design (n, d)")
    labels = design @ truth if labels is None else np.asarray(labels, dtype=float)
    noise = np.asarray(noise, dtype=float)
    _require_labels(design.shape, labels, noise)
    require(start_variance >= 0, "start_variance", start_variance, ">= 0")
    for name, value in (("design", design), ("truth", truth), ("labels", labels), ("start", start)):
        require_finite(name, value)
    left, sizes, right = np.linalg.svd(design)
    sizes = np.where(sizes > max(n, d) * np.finfo(float).eps * sizes[..., :1], sizes, 0.0)
    mean = (labels[..., None, :] @ left)[..., 0, :]
    spread = np.full(mean.shape, noise) if noise.ndim == 0 else np.einsum("...ai,ab,...bi->...i", left, noise, left)
    require(spread >= -1e-12 * abs(spread).max(), "noise", noise, "a variance >= 0, or a covariance")
    truth, start = right @ truth, right @ np.broadcast_to(start, d)
    by_example, sizes = _of_length(sizes, n) > 0, _of_length(sizes, d)
    # In directions where nothing is learned the weights keep their start, whatever the target.
    target = np.where(sizes > 0, _of_length(mean, d) / np.where(sizes > 0, sizes, 1.0), truth)
    left_out = np.where(sizes > 0, _of_length(spread, d), 0.0)
    unlearnable = np.where(by_example, 0.0, mean**2 + spread).sum(-1) / n
    gap, miss = start - target, target - truth
    return Modes(sizes**2 / n, np.ones(d), gap**2 + start_variance, gap * miss, miss**2, left_out / n, unlearnable)


def _of_length(values: np.ndarray, length: int) -> np.ndarray:
    """The first values along the last axis, with zeros where there are too few."""
    found = np.zeros((*values.shape[:-1], length))
    found[..., : values.shape[-1]] = values[..., :length]
    return found


def _require_labels(shape, labels, noise):
    n = shape[-2]
    require(labels.shape in ((n,), shape[:-1]), "labels", labels.shape, "of shape (n,) for a design (n, d)")
    require(noise.shape in ((), (n, n)), "noise", noise.shape, "one variance, or a covariance (n, n)")


def marchenko_pastur(load: float, signal: float, noise: float = 0.0, *, gain: float = 1.0, start: float = 0.0) -> Modes:
    """The modes of many independent features of unit variance, as a quadrature over the spectrum for n, d -> infinity.

    The density is sqrt((l_+ - l)(l - l_-)) / (2 pi l / load), l_+- = (1 +- 1/sqrt(load))^2; where load < 1 there is a point
    mass 1 - load at 0. With l = 1 + 1/load + (2/sqrt(load)) cos(theta) the density is smooth in theta. The panels are graded
    towards l_-.

    :param load: n/d > 0. :param signal: ||w*||^2, the variance of clean labels. :param noise: variance of the label noise.
    :param gain: factor by which the linear part of the training labels is smaller than that of clean labels
        (:func:`theory.kernels.label_noise.permuted_noise`).
    :param start: ||w_0||^2, for initial weights that are independent of w*.
    """
    require(np.isfinite(load) and load > 0, "load", load, "finite and > 0")
    for name, value in (("signal", signal), ("noise", noise), ("start", start)):
        require(np.isfinite(value) and value >= 0, name, value, "finite and >= 0")
    require_finite("gain", gain)
    angle, weight = _angles()
    # Measured from the lower edge, where the angle is 0, to avoid a difference of two numbers near 1.
    value = (1 - 1 / np.sqrt(load)) ** 2 + 4 / np.sqrt(load) * np.sin(angle / 2) ** 2
    density = 2 * np.sin(angle) ** 2 / (np.pi * value) * weight
    if load < 1:
        value, density = np.append(value, 0.0), np.append(density, 1 - load)
    seen = value > 0
    gap, miss = start + gain**2 * signal, (1 - gain) ** 2 * signal
    # In directions without data the weights keep their start; there the truth serves as the target.
    distance = np.where(seen, gap, start + signal)
    cross = np.where(seen, gain * (1 - gain) * signal, 0.0)
    bias = np.where(seen, miss, 0.0)
    along = np.where(seen, noise / load, 0.0)
    unlearnable = float(max(0, 1 - 1 / load) * noise)
    return Modes(value, density, distance, cross, bias, along, unlearnable)


def _angles():
    edges = np.concatenate([[0.0], np.pi * np.geomspace(FINEST, 1, 24)])
    half, middle = np.diff(edges) / 2, (edges[1:] + edges[:-1]) / 2
    return (middle[:, None] + half[:, None] * NODES).ravel(), (half[:, None] * WEIGHTS).ravel()


def test_error(modes: Modes, times: ArrayLike) -> np.ndarray:
    """E ||w - w*||^2 at given times of the flow, of the shape of the times. It does not include the variance of test labels.

    Along a direction it is E (b + a e)^2 + noise (1 - e)^2 / lambda, e = exp(-lambda t), with the noise divided by n.

    :param modes: or those of many designs, (..., modes), at one time, for errors (...).
    :param times: >= 0, any shape, infinity included.
    """
    left, learned = _decays(modes, times)
    seen = np.where(modes.eigenvalue > 0, modes.eigenvalue, 1.0)
    parts = modes.bias + 2 * modes.cross * left + modes.distance * left**2 + modes.noise / seen * learned**2
    return parts @ modes.weight


def training_error(modes: Modes, times: ArrayLike) -> np.ndarray:
    """E ||X w - y||^2 / n on the training labels, of the shape of the times.

    It is the sum of e^2 (lambda E a^2 + noise) over the directions with lambda > 0, plus the unlearnable error.

    :param times: >= 0, any shape, infinity included.
    """
    left, _ = _decays(modes, times)
    parts = left**2 * (modes.eigenvalue * modes.distance + modes.noise)
    return parts @ np.where(modes.eigenvalue > 0, modes.weight, 0.0) + modes.unlearnable


def turning_point(modes: Modes) -> float:
    """The time at which the test error is least, to 1e-8.

    The time is 0 where training only increases the error or does not change it, and infinity where training never increases it.
    The slope of the error is 2 sum e [noise (1 - e) - lambda (E a b + E a^2 e)]. With noise and an unbiased target the slope is
    positive in the end, so a finite time always exists; with neither noise nor bias it never does. The slope may change its
    sign several times. All changes are located on a grid of 24 times per decade, and the errors there are compared.
    """
    seen = modes.eigenvalue[modes.eigenvalue > 0]
    if not len(seen):
        return 0.0
    earliest, latest = 1e-6 / seen.max(), 60 / seen.min()
    grid = np.geomspace(earliest, latest, 2 + int(GRID_PER_DECADE * np.log10(latest / earliest)))
    slopes = _slope(modes, grid)
    falls = np.flatnonzero((slopes[:-1] < 0) & (slopes[1:] >= 0))
    found = [brentq(lambda t: _slope(modes, t), grid[i], grid[i + 1], xtol=1e-300, rtol=REFINED) for i in falls]
    candidates = np.array([0.0, *found, np.inf] if slopes[-1] < 0 else [0.0, *found])
    return float(candidates[np.argmin(test_error(modes, candidates))])


def _slope(modes: Modes, times):
    """Half the slope of the test error, times exp(lambda_min t) so that its sign is kept after everything has decayed."""
    seen = modes.eigenvalue > 0
    value, weight, distance, cross, noise = (
        part[seen] for part in (modes.eigenvalue, modes.weight, modes.distance, modes.cross, modes.noise)
    )
    time = np.asarray(times, dtype=float)[..., None]
    left = np.exp(-value * time)
    parts = -noise * np.expm1(-value * time) - value * (cross + distance * left)
    return (np.exp(-(value - value.min()) * time) * parts) @ weight


def _decays(modes: Modes, times):
    """e^(-lambda t) and 1 - e^(-lambda t), (..., modes)."""
    times = np.asarray(times, dtype=float)
    require((times >= 0) & ~np.isnan(times), "times", times, ">= 0")
    seen = modes.eigenvalue > 0
    exponent = np.where(seen, -np.where(seen, modes.eigenvalue, 1.0) * times[..., None], 0.0)
    return np.exp(exponent), -np.expm1(exponent)
