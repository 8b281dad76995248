"""How far the outputs of right and of wrong labels are apart while a linearized network trains, and when they are furthest.

The own output of an example is the output of its trained label. Its mean over right examples exceeds its mean over wrong ones
by

    (1 - eps) (omega - beta),    omega, beta = exp(-t rates) within and between classes,

in the mean over permutations of a share eps of the labels, for C classes of equal size, up to terms of order 1/N. The true
class is learned at the rate between classes, and a label of its own at the rate within. The time of the largest gap therefore
does not depend on eps: for an exchangeable kernel, which has one rate of each kind, it is t* = ln(b / w) / (b - w). Kernels of
real images have many rates of each kind, and omega and beta are then means over them
(:class:`~theory.kernels.kernel_flow.RateSpectrum`). The rates within classes differ most, so that their mean exponential falls
more slowly than the exponential of their mean, and the gap is largest later than t* of the mean rates says.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from theory.kernels.exchangeable_kernels import Rates
from theory.kernels.kernel_flow import RateSpectrum
from theory.numerics.validation import require, require_finite

Numbers = Any  # a number or an array, of the arguments' broadcast shape
# Times among which the largest gap is looked for before its neighbourhood is searched.
TIMES = 400


def gap(time: ArrayLike, rates: Rates, permuted_fraction: ArrayLike) -> Numbers:
    """The gap (1 - eps) (omega - beta) of an exchangeable kernel; arguments broadcast.

    :param time: t >= 0. :param permuted_fraction: eps within 0..1.
    """
    time, eps = _time(time), _fraction(permuted_fraction)
    return ((1 - eps) * (np.exp(-time * rates.within) - np.exp(-time * rates.between)))[()]


def largest_gap_time(rates: Rates) -> Numbers:
    """t* = ln(b / w) / (b - w), the time of the largest gap of an exchangeable kernel; 1 / b for equal rates.

    :param rates: between and within classes, b > 0 and w > 0; a rate of 0 within would put t* at infinity.
    """
    between, within = np.asarray(rates.between, dtype=float), np.asarray(rates.within, dtype=float)
    for value in (between, within):
        require(np.isfinite(value) & (value > 0), "rates", rates, "finite and > 0, between and within classes")
    excess = (between - within) / within
    near = np.abs(excess) < 1e-6
    ratio = np.log1p(excess) / np.where(near, 1, excess)
    return (np.where(near, 1 - excess / 2, ratio) / within)[()]


def spectral_gap(time: ArrayLike, spectrum: RateSpectrum, permuted_fraction: float) -> Numbers:
    """The gap for a kernel with many rates, of the shape of ``time``.

    It is (1 - eps) (tr(P A) / (C - 1) - tr(A) / N) with the response A(t) and the projector P on class means about the overall
    mean: omega - beta, and a term of order 1/N because an example of a class is one of its own class.

    :param time: t >= 0. :param permuted_fraction: eps within 0..1.
    """
    time, eps = _time(time), _fraction(permuted_fraction)
    n, n_classes = len(spectrum.rates), spectrum.n_classes
    learned = -np.expm1(-time[..., None] * spectrum.rates)
    between, within = learned @ spectrum.between, learned @ spectrum.within
    return ((1 - eps) * ((n - n_classes + 1) / n * between - (n - n_classes) / n * within))[()]


def largest_spectral_gap_time(spectrum: RateSpectrum) -> float:
    """The time of the largest gap of a kernel with many rates: the best of a grid of times, refined between its neighbours.

    :raises ValueError: the gap grows without end, because modes within classes have rate 0 and those between learn slowest.
    """
    positive = spectrum.rates[spectrum.rates > 1e-12 * spectrum.rates.max()]
    require(len(positive) > 0, "spectrum", spectrum.rates, "of a kernel that is not 0")
    logs = np.linspace(np.log(0.01 / positive.max()), np.log(30 / positive.min()), TIMES)
    values = spectral_gap(np.exp(logs), spectrum, 0.0)
    place = int(np.argmax(values))
    require(0 < place < TIMES - 1, "spectrum", spectrum.rates, "of a kernel whose gap has a peak in time")
    found: Any = minimize_scalar(
        lambda log: -spectral_gap(np.exp(log), spectrum, 0.0), bounds=(logs[place - 1], logs[place + 1]), method="bounded"
    )
    return float(np.exp(found.x))


def _time(time):
    time = np.asarray(time, dtype=float)
    require_finite("time", time)
    require(time >= 0, "time", time, ">= 0")
    return time


def _fraction(permuted_fraction):
    eps = np.asarray(permuted_fraction, dtype=float)
    require((eps >= 0) & (eps <= 1), "permuted_fraction", permuted_fraction, "within 0..1")
    return eps
