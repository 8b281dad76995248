"""How often one-sided bounds for a mean miss it, by simulation: the tables of docs/error-rates.md.

``python -m tests.verify.calibration.simulated_rates`` prints them.
"""

import sys
from collections.abc import Callable, Iterator

import numpy as np
from scipy import stats

from verify.judging import mean_bounds

SEED = 0
SAMPLES = 400_000
SIZES = (8, 10, 16)
ERRORS = (1e-2, 1e-3)
AT_ONCE = 50_000
# Decimal places of rates on the page, for each error.
PLACES = (4, 5)
# The share of normal samples in which t bounds detect a shift; the same shift is then asked of the other bounds.
DETECTED = 0.9


def _contaminated(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    return rng.normal(0, np.where(rng.random(size) < 0.1, 5.0, 1.0))


def _outliers_above(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    return rng.normal(np.where(rng.random(size) < 0.1, 5.0, 0.0), 1.0) - 0.5


# Each has a mean of 0.
DISTRIBUTIONS: dict[str, Callable[[np.random.Generator, tuple[int, int]], np.ndarray]] = {
    "normal": lambda rng, size: rng.normal(size=size),
    "Student t, 3 degrees of freedom": lambda rng, size: rng.standard_t(3, size),
    "normal, one in ten with 5 times the spread": _contaminated,
    "gamma, shape 4": lambda rng, size: rng.gamma(4, size=size) - 4,
    "exponential": lambda rng, size: rng.exponential(size=size) - 1,
    "lognormal, sigma 1": lambda rng, size: rng.lognormal(size=size) - np.exp(0.5),
    "normal, one in ten higher by 5 spreads": _outliers_above,
}
SKEWED = ("normal", "gamma, shape 4", "exponential", "lognormal, sigma 1", "normal, one in ten higher by 5 spreads")


def t_upper_bound(values: np.ndarray, error: float) -> np.ndarray:
    """The upper t bound for the mean of values (n, ...) over axis 0."""
    n = len(values)
    return values.mean(0) + mean_bounds.t_quantile(error, n - 1) * values.std(0, ddof=1) / np.sqrt(n)


RULES = {"t": t_upper_bound, "corrected": mean_bounds.upper_bound}


def drawn(name: str, n: int, samples: int, seed: int) -> Iterator[np.ndarray]:
    """Samples of n values of a distribution: arrays (n, samples), together as many as asked for."""
    rng = np.random.default_rng((seed, list(DISTRIBUTIONS).index(name), n))
    for start in range(0, samples, AT_ONCE):
        yield DISTRIBUTIONS[name](rng, (n, min(AT_ONCE, samples - start)))


def counted(name: str, n: int, samples: int = SAMPLES, seed: int = SEED) -> np.ndarray:
    """Samples whose upper bound lies below the mean, or whose lower bound lies above it: (errors, sides, rules)."""
    counts = np.zeros((len(ERRORS), 2, len(RULES)), dtype=int)
    for values in drawn(name, n, samples, seed):
        misses = [[[bound(v, error) < 0 for bound in RULES.values()] for v in (values, -values)] for error in ERRORS]
        counts += np.sum(misses, axis=-1)
    return counts


def costs(n: int, samples: int = SAMPLES, seed: int = SEED) -> np.ndarray:
    """What the correction costs with normal values, (errors, 2): the mean ratio of margins, and the share detected.

    That share is taken at the shift that t bounds detect in 0.9 of all samples.
    """
    found = []
    for error in ERRORS:
        shift, ratios, detected = _shift(n, error), [], []
        for values in drawn("normal", n, samples, seed):
            upper, mean = mean_bounds.upper_bound(values, error), values.mean(0)
            ratios.append((upper - mean) / (t_upper_bound(values, error) - mean))
            detected.append(upper < shift)
        found.append([np.mean(np.concatenate(ratios)), np.mean(np.concatenate(detected))])
    return np.array(found)


def _shift(n: int, error: float) -> float:
    """The shift of a normal mean, in standard deviations, that t bounds detect with probability 0.9."""
    grid = np.linspace(0, 20, 20_001)
    power = stats.nct.sf(mean_bounds.t_quantile(error, n - 1), n - 1, grid)
    return float(np.interp(DETECTED, power, grid) / np.sqrt(n))


def visible(name: str, n: int, samples: int = SAMPLES, seed: int = SEED) -> float:
    """The share of samples that are called visibly skewed."""
    return float(np.mean(np.concatenate([mean_bounds.visibly_skewed(values) for values in drawn(name, n, samples, seed)])))


def table_of_rates(samples: int = SAMPLES) -> Iterator[str]:
    """Rows: distribution, n, and rates (errors, sides, rules) in the order of :func:`counted`."""
    for name in DISTRIBUTIONS:
        for n in SIZES:
            rates = counted(name, n, samples) / samples
            yield _row(
                name, n, *(f"{rate:.{places}f}" for places, part in zip(PLACES, rates, strict=True) for rate in part.flat)
            )


def table_of_costs(samples: int = SAMPLES) -> Iterator[str]:
    """Rows: n, and costs (errors, 2) in the order of :func:`costs`."""
    for n in SIZES:
        yield _row(n, *(f"{cost:.2f}" for cost in costs(n, samples).ravel()))


def table_of_visible(samples: int = SAMPLES) -> Iterator[str]:
    """Rows: distribution, and the share visibly skewed for each n."""
    for name in SKEWED:
        yield _row(name, *(f"{visible(name, n, samples):.3f}" for n in SIZES))


def _row(*cells) -> str:
    return f"| {' | '.join(map(str, cells))} |\n"


if __name__ == "__main__":
    for table in (table_of_rates, table_of_costs, table_of_visible):
        sys.stdout.writelines((*table(), "\n"))
