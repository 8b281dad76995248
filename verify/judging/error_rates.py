"""Error rates, intervals, and the sample sizes that they need.

Every claim that uses chance has two error rates. The alarm rate is the probability that a true claim comes out REFUTED; it is
1e-3, in live and recorded worlds alike. The rate of false support is the probability that a false claim comes out SUPPORTED; it
is at most 0.01. Both are constant, so that selecting claims or adding a claim never changes a verdict.

A full run must raise a false alarm with probability at most 1e-3. A live verdict outside its accepted set is therefore judged
again on a fresh draw, and fails only if the second verdict is outside too. Two hundred true claims then raise an alarm with
probability at most 200 * 1e-3 ** 2. How often registered verdicts that are undecided would leave their sets is simulated in
tests/verify/calibration/accepted_sets.py. The evidence of recorded worlds does not change from run to run, so that they never
raise an alarm by chance.
"""

import hashlib
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from verify.judging.mean_bounds import t_quantile

ALARM = 1e-3
FULL_RUN_ALARM = 1e-3
FALSE_SUPPORT = 0.01
POWER = 0.999
# The intervals of fewer networks rest on normality alone: the rates of docs/error-rates.md are simulated from here on.
FEWEST_NETWORKS = 8


@dataclass(frozen=True)
class Chance:
    """The chance that one judgement may use.

    alarm: probability that a true claim comes out REFUTED.
    false_support: probability that a false claim comes out SUPPORTED.
    miss: probability that an exactly right claim does not come out SUPPORTED, where as many observations are drawn as needed.
    seed: words from which the random numbers of the judgement follow.
    """

    alarm: float = ALARM
    false_support: float = FALSE_SUPPORT
    miss: float = 1 - POWER
    seed: tuple[str, ...] = ("0",)

    def split(self, parts: int) -> "Chance":
        """The chance of one of several parts: any part can raise the alarm or miss, but all parts must be SUPPORTED."""
        return replace(self, alarm=self.alarm / parts, miss=self.miss / parts)

    def named(self, *words: str) -> "Chance":
        """A chance with equal rates and its own random numbers."""
        return replace(self, seed=self.seed + words)

    def integer(self) -> int:
        """A 64-bit number that follows from the words of the seed."""
        return int.from_bytes(hashlib.sha256("\0".join(self.seed).encode()).digest()[:8], "big")

    def rng(self) -> np.random.Generator:
        """A random generator that follows from the words of the seed."""
        return np.random.default_rng(self.integer())


def of_claim(root_seed: int, claim_id: str) -> Chance:
    """The chance of a claim: the same rates for every claim, and random numbers of its own."""
    return Chance(seed=(str(root_seed), claim_id))


def t_margin(values: np.ndarray, error: float) -> float:
    """Half-width of the one-sided t bound at ``error`` for the mean of values (n, ...) over axis 0; assumes a normal mean."""
    n = len(values)
    return float(t_quantile(error, n - 1) * np.std(values, ddof=1) / np.sqrt(n))


def detectable_shift(values: np.ndarray, error: float) -> float:
    """The smallest shift of the mean that a t bound at ``error`` detects with probability 0.999, for normal values.

    Bounds that allow for skewed values detect it less often (docs/error-rates.md).

    :param values: observations (n,), whose spread is used.
    """
    return t_margin(values, error) + t_margin(values, 1 - POWER)


def spread_bound(values: np.ndarray, error: float) -> float:
    """An upper bound for the standard deviation of values (n,), by the normal limit of the observed variance.

    With a few hundred observations of a long-tailed quantity the bound fails slightly more often than ``error``.
    """
    squares = (values - np.mean(values)) ** 2
    return float(np.sqrt(squares.mean() + stats.norm.isf(error) * squares.std() / np.sqrt(len(values))))


def observations_needed(pilot: np.ndarray, effect: float, false_support: float, miss: float) -> int:
    """The number of observations that show on which side of a bound a mean lies.

    The mean is ``effect`` away from the bound, and the observations fail to show its side with probability ``miss``. Half of
    ``miss`` is used for the spread, which the pilot estimates. The number is never below that of the pilot.

    :param pilot: observations (n,).
    :param false_support: the error of the t interval that must exclude the bound.
    """
    reach = stats.norm.isf(false_support) + stats.norm.isf(miss / 4)
    return max(len(pilot), int(np.ceil((reach * spread_bound(pilot, miss / 2) / effect) ** 2)))


def binomial_rejection(n: int, probability: float, error: float) -> tuple[int, int]:
    """Counts (low, high): ``k <= low`` or ``k >= high`` rejects the probability, at most ``error / 2`` on each side."""
    low = int(stats.binom.ppf(error / 2, n, probability))
    while low >= 0 and stats.binom.cdf(low, n, probability) > error / 2:
        low -= 1
    high = int(stats.binom.isf(error / 2, n, probability))
    while high <= n and stats.binom.sf(high - 1, n, probability) > error / 2:
        high += 1
    return low, high


def binomial_tail(count: int, n: int, probability: float) -> float:
    """The probability of a count as far out or further, on the count's side of the distribution."""
    return float(min(stats.binom.cdf(count, n, probability), stats.binom.sf(count - 1, n, probability)))


def binomial_power(n: int, probability: float, effect: float, error: float) -> float:
    """The probability that a deviation of ``effect`` from the probability is rejected, on the side with less power."""
    low, high = binomial_rejection(n, probability, error)
    truths = [q for q in (probability - effect, probability + effect) if 0 <= q <= 1]
    return float(min(stats.binom.cdf(low, n, q) + stats.binom.sf(high - 1, n, q) for q in truths))


def binomial_trials(probability: float, effect: float, error: float) -> int:
    """The fewest trials, to within 2 %, that reject a deviation of ``effect`` with probability 0.999."""
    enough = 8
    while binomial_power(enough, probability, effect, error) < POWER:
        enough *= 2
    too_few = enough // 2
    while enough > 1.02 * too_few + 1:
        middle = (too_few + enough) // 2
        if binomial_power(middle, probability, effect, error) < POWER:
            too_few = middle
        else:
            enough = middle
    return enough


def binomial_interval(count: int, n: int, error: float) -> tuple[float, float]:
    """The Clopper-Pearson interval, ``error / 2`` on each side; consistent with :func:`binomial_rejection`."""
    interval = stats.binomtest(count, n).proportion_ci(1 - error, method="exact")
    return float(interval.low), float(interval.high)
