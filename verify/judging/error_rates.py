"""Error rates, intervals, and the sample sizes they need.

Two error rates, for every claim that has chance in it. *Alarm*: a true claim comes out REFUTED. Live claims spend 5e-6
each, a constant, so that selecting claims or adding one never moves a verdict; two hundred of them stay below 1e-3 for a
full run. *False support*: a false claim comes out SUPPORTED, at most 0.01.
"""

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy import stats

LIVE_ALARM = 5e-6
RECORDED_ALARM = 0.01
FULL_RUN_ALARM = 1e-3
FALSE_SUPPORT = 0.01
POWER = 0.999
# With n networks the smallest sign-flip p-value is 2^-n; 8 networks leave room below FALSE_SUPPORT.
FEWEST_NETWORKS = 8


@dataclass(frozen=True)
class Chance:
    """The chance one judgement may use.

    alarm: probability that a true claim comes out REFUTED.
    false_support: probability that a false one comes out SUPPORTED.
    miss: probability that one that is exactly right does not, where as many observations are drawn as that needs.
    seed: words from which the judgement's own random numbers follow.
    """

    alarm: float = LIVE_ALARM
    false_support: float = FALSE_SUPPORT
    miss: float = 1 - POWER
    seed: tuple[str, ...] = ("0",)

    def split(self, parts: int) -> "Chance":
        """The chance of one of several parts: any part can raise the alarm or miss, but all must be SUPPORTED."""
        return replace(self, alarm=self.alarm / parts, miss=self.miss / parts)

    def named(self, *words: str) -> "Chance":
        """The same rates with random numbers of their own."""
        return replace(self, seed=self.seed + words)

    def integer(self) -> int:
        """A 64-bit number that the seed's words determine."""
        return int.from_bytes(hashlib.sha256("\0".join(self.seed).encode()).digest()[:8], "big")

    def rng(self) -> np.random.Generator:
        """A generator that the seed's words determine."""
        return np.random.default_rng(self.integer())


def live(root_seed: int, claim_id: str) -> Chance:
    """The chance of a live claim."""
    return Chance(seed=(str(root_seed), claim_id))


def recorded(n_claims: int) -> Chance:
    """The chance of a recorded claim that is one of ``n_claims`` of a paper on that world.

    Bonferroni over the registered claims, not Holm over the judged ones: a verdict must not move with what ``-k`` selects.
    """
    return Chance(alarm=RECORDED_ALARM / n_claims)


def t_margin(values, error: float) -> float:
    """Half-width of the one-sided t bound at ``error`` for the mean over axis 0; assumes a normal mean."""
    n = len(values)
    return float(_t_quantile(error, n - 1) * np.std(values, ddof=1) / np.sqrt(n))


@lru_cache(maxsize=4096)
def _t_quantile(error: float, freedom: int) -> float:
    """Of all that a verdict takes nearly all is spent here, on the same few arguments for every part of a claim."""
    return float(stats.t.isf(error, freedom))


def t_excess_p(values, excess: float) -> float:
    """The error at which :func:`t_margin` comes down to ``excess``; 1 where nothing is exceeded or nothing varies."""
    error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return float(stats.t.sf(excess / error, len(values) - 1)) if excess > 0 and error > 0 else 1.0


def sign_flip_p(values) -> float:
    """One-sided sign-flip p-value that the mean is above 0; needs symmetry only. Values: shape (networks,).

    Exact up to 16 networks; beyond that by 65,536 random flips, which is still a valid p-value.
    """
    result = stats.permutation_test(
        (np.asarray(values),),
        np.mean,
        permutation_type="samples",
        alternative="greater",
        vectorized=True,
        n_resamples=2**16,
        rng=np.random.default_rng(0),
    )
    return float(result.pvalue)


def detectable_shift(values, error: float) -> float:
    """The smallest shift of the mean that a t bound at ``error`` sees with probability 0.999, at the spread observed."""
    return t_margin(values, error) + t_margin(values, 1 - POWER)


def networks_needed(values, effect: float, error: float) -> int:
    """Networks at which :func:`detectable_shift` comes down to ``effect`` at the spread observed, to within 2 %."""
    candidates, reach = _reaches(max(FEWEST_NETWORKS, len(values) + 1), error)
    enough = reach * np.std(values, ddof=1) / np.sqrt(candidates) <= effect
    return int(candidates[np.argmax(enough)]) if enough.any() else int(candidates[-1])


@lru_cache(maxsize=256)
def _reaches(fewest: int, error: float) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of networks, and the shift that each would see, in standard errors."""
    candidates = np.unique(np.ceil(fewest * 1.02 ** np.arange(1500)))
    return candidates, stats.t.isf(error, candidates - 1) + stats.t.isf(1 - POWER, candidates - 1)


def spread_bound(values, error: float) -> float:
    """An upper bound for the standard deviation, by the normal limit of the observed variance.

    With a few hundred observations of a long-tailed quantity it fails more often than ``error``, but narrowly.
    """
    squares = (values - np.mean(values)) ** 2
    return float(np.sqrt(squares.mean() + stats.norm.isf(error) * squares.std() / np.sqrt(len(values))))


def observations_needed(pilot, effect: float, false_support: float, miss: float) -> int:
    """Observations at which a mean ``effect`` away from a bound is seen to be on its side of it, except with ``miss``.

    Half of ``miss`` is spent on the spread, which the pilot gives. Never fewer than the pilot.

    :param false_support: the error of the t interval that must clear the bound.
    """
    reach = stats.norm.isf(false_support) + stats.norm.isf(miss / 4)
    return max(len(pilot), int(np.ceil((reach * spread_bound(pilot, miss / 2) / effect) ** 2)))


def binomial_rejection(n: int, probability: float, error: float) -> tuple[int, int]:
    """Counts (low, high): ``k <= low`` or ``k >= high`` rejects the probability, at most ``error / 2`` on either side."""
    low = int(stats.binom.ppf(error / 2, n, probability))
    while low >= 0 and stats.binom.cdf(low, n, probability) > error / 2:
        low -= 1
    high = int(stats.binom.isf(error / 2, n, probability))
    while high <= n and stats.binom.sf(high - 1, n, probability) > error / 2:
        high += 1
    return low, high


def binomial_tail(count: int, n: int, probability: float) -> float:
    """Probability of a count as far out or further, on its own side of the distribution."""
    return float(min(stats.binom.cdf(count, n, probability), stats.binom.sf(count - 1, n, probability)))


def binomial_power(n: int, probability: float, effect: float, error: float) -> float:
    """Probability that a deviation of ``effect`` from the probability is rejected, on the side where it is seen worse."""
    low, high = binomial_rejection(n, probability, error)
    truths = [q for q in (probability - effect, probability + effect) if 0 <= q <= 1]
    return float(min(stats.binom.cdf(low, n, q) + stats.binom.sf(high - 1, n, q) for q in truths))


def binomial_trials(probability: float, effect: float, error: float) -> int:
    """Trials at which a deviation of ``effect`` is rejected with probability 0.999, the fewest to within 2 %."""
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
    """Clopper-Pearson interval, ``error / 2`` on either side; consistent with :func:`binomial_rejection`."""
    interval = stats.binomtest(count, n).proportion_ci(1 - error, method="exact")
    return float(interval.low), float(interval.high)
