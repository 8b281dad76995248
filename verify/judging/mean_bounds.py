"""One-sided bounds for a mean that fail less often than t bounds where the values are skewed.

Where values are skewed to the right, a sample with a small mean often has a small spread too, so that the upper t bound lies
below the true mean too often; the lower one errs on the safe side. The bounds here are t bounds, made wider by Hall's
correction for skewness on the side that needs it, and never narrower. For normal values they keep their error. How far they
keep it for skewed values is in docs/error-rates.md.

P. Hall, On the removal of skewness by transformation, J. R. Stat. Soc. B 54 (1992) 221-228: with t = sqrt(n) (mean - m) / s
and a = skewness / (3 sqrt(n)), the statistic H(t) = t + a t^2 + a^2 t^3 / 3 + a / 2 increases with t, and skewness hardly
changes its distribution. It is compared with Student's t distribution, as by N. J. Johnson, J. Am. Stat. Assoc. 73 (1978)
536-544.
"""

from functools import lru_cache

import numpy as np
from scipy import stats

# One in a hundred samples of normal values is called visibly skewed.
VISIBLE = 0.01
# The approximation of the skewness's distribution by D'Agostino (1970) holds from 8 values on; scipy asks for as many.
FEWEST_VISIBLE = 8
ROUNDING = 1e-9
# The means of more values than these are hardly skewed, and have t bounds.
FEW = 64


def lower_bound(values: np.ndarray, error: float) -> np.ndarray:
    """The lower bound for the mean of values (n, ...) over axis 0, one-sided at ``error``; needs two values."""
    return -upper_bound(-values, error)


def upper_bound(values: np.ndarray, error: float) -> np.ndarray:
    """The upper bound for the mean of values (n, ...) over axis 0, one-sided at ``error``; needs two values.

    The t quantile q is replaced by the greater of q and the root t of H(-t) = -q. Below t = -3 / (2 a), where its slope is 1/4,
    H is continued by a straight line, because the cubic would give the most skewed values narrower bounds than others.
    """
    mean, standard_error, bend = _moments(values)
    quantile = t_quantile(error, len(values) - 1)
    corrected = quantile + bend / 2
    root = np.maximum(np.cbrt(1 - 3 * bend * corrected), -0.5)
    margin = np.maximum(quantile, 3 * corrected / (root**2 + root + 1))
    return mean + margin * standard_error


def p_above(values: np.ndarray, bound: float) -> np.ndarray:
    """The error at which :func:`lower_bound` of values (n, ...) equals ``bound``: the p-value of means up to ``bound``."""
    return p_below(-values, -bound)


def p_below(values: np.ndarray, bound: float) -> np.ndarray:
    """The error at which :func:`upper_bound` of values (n, ...) equals ``bound``: the p-value of means from ``bound`` on.

    It is 1 where nothing varies, and at least 1/2 where the sample mean is not below the bound.
    """
    mean, error, bend = _moments(values)
    excess = (bound - mean) / np.where(error > 0, error, 1.0)
    bent = np.minimum(bend * excess, 1.5)
    statistic = np.minimum(excess, excess * (1 - bent + bent**2 / 3) - bend / 2)
    return np.where(error > 0, stats.t.sf(statistic, max(len(values) - 1, 1)), 1.0)[()]


def skewness(values: np.ndarray) -> np.ndarray:
    """The sample skewness G1 of values (n, ...) over axis 0; 0 where nothing varies, or with fewer than three values.

    The third sample cumulant over the second to the power 3/2, each unbiased: D. N. Joanes and C. A. Gill, The Statistician 47
    (1998) 183-189.
    """
    n, centred = len(values), values - np.mean(values, axis=0)
    spread = np.std(values, axis=0)
    standard = centred / np.where(spread > 0, spread, 1.0)
    return np.mean(standard**3, axis=0) * (np.sqrt(n * (n - 1)) / (n - 2) if n > 2 else 0.0)


def visibly_skewed(values: np.ndarray) -> np.ndarray:
    """Whether values (n, ...) are more skewed, over axis 0, than 99 of 100 normal samples of n; never with fewer than eight."""
    if len(values) < FEWEST_VISIBLE:
        return np.zeros(np.shape(values)[1:], dtype=bool)[()]
    # Values that differ by rounding alone have no shape.
    varies = np.ptp(values, axis=0) > ROUNDING * np.max(np.abs(values), axis=0)
    index = np.arange(len(values)).reshape(-1, *[1] * (np.ndim(values) - 1))
    return varies & (stats.skewtest(np.where(varies, values, index), axis=0).pvalue < VISIBLE)


@lru_cache(maxsize=4096)
def t_quantile(error: float, freedom: int) -> float:
    """The value that Student's t exceeds with probability ``error``; cached, because few arguments are asked for often."""
    return float(stats.t.isf(error, freedom))


def _moments(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The mean over axis 0, its standard error, and :func:`_bend`."""
    values = np.asarray(values, dtype=float)
    return _kept_moments(values.tobytes()) if values.ndim == 1 else _moments_of(values)


@lru_cache(maxsize=64)
def _kept_moments(content: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The moments of values (n,), kept, because a verdict asks for bounds of the same values at several errors."""
    return _moments_of(np.frombuffer(content))


def _moments_of(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.mean(values, axis=0), _standard_error(values), _bend(values)


def _standard_error(values: np.ndarray) -> np.ndarray:
    n = len(values)
    return np.std(values, axis=0) / np.sqrt(n - 1) if n > 1 else np.zeros(np.shape(values)[1:])


def _bend(values: np.ndarray) -> np.ndarray:
    """Hall's a; 0 where the upper bound needs no correction: for values skewed to the left, and for many."""
    if len(values) > FEW:
        return np.zeros(np.shape(values)[1:])
    return np.maximum(skewness(values), 0) / (3 * np.sqrt(len(values)))
