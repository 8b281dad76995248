"""How often examples are misclassified over independent runs, where no example is easier than another of its class.

Arpit et al. 2017, section 3.1 and figure 1, count the runs in which each example is misclassified and compare the counts with a
Binomial law. Two things other than easy and hard examples take the counts of all examples away from that law: a class of more
errors than others widens their distribution, and an error rate that swings from run to run narrows it. The comparison here is
made within runs and classes. Run r makes k_r errors on the n examples of a class, and under the null hypothesis every choice of
the k_r examples has the same probability, in each run independently. Nothing is assumed about the k_r.

Let b_r, (n,), be 1 for the examples that run r misclassifies, and m = sum_r b_r. With a bar for the mean over the class,

    sum_i (m_i - mbar)^2 = sum_r s_r + 2 sum_{r<q} (b_r - bbar_r) . (b_q - bbar_q),    s_r = k_r (n - k_r) / n.

The first sum does not change when errors are placed elsewhere. A centred vector that is arranged at random has mean 0 and
covariance s_r (1 - 1 1^T / n) / (n - 1), so that each product has mean 0 and variance s_r s_q / (n - 1). Products of two pairs
of runs are uncorrelated, because a run that is in one pair only is arranged at random whatever the others are. Hence the sum of
squares of a class has exactly

    mean  sum_r s_r,    variance  2 ((sum_r s_r)^2 - sum_r s_r^2) / (n - 1).

The dispersion index is the sum of squares over all classes, divided by its mean. Among the runs, an example's count is a sum of
independent trials with probabilities k_r / n. It is Binomial where all k_r of its class are equal, and has a smaller variance
otherwise.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from theory.numerics.validation import require, require_count, require_finite

Numbers = Any  # a number or an array, of the arguments' broadcast shape
Errors = ArrayLike  # (classes, runs), whole numbers


def squares_moments(errors: Errors, n_per_class: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of sum_i (m_i - mbar)^2 for every class, (classes,) each, as derived above; exact at every n.

    :param errors: k_r, the number of misclassified examples of each class in each run, (classes, runs).
    :param n_per_class: n >= 2, examples of every class.
    """
    k, n = np.asarray(errors, dtype=float), n_per_class
    require_count("n_per_class", n, 2)
    require_count("errors", k, 0)
    require(k.ndim == 2 and np.all(k <= n), "errors", errors, "of shape (classes, runs), at most n_per_class")
    own = k * (n - k) / n
    total = own.sum(axis=1)
    return total, 2 * (total**2 - (own**2).sum(axis=1)) / (n - 1)


def dispersion_error(errors: Errors, n_per_class: int) -> float:
    """The standard deviation of the dispersion index under the null hypothesis, where its mean is exactly 1.

    The arguments are those of :func:`squares_moments`. There is no index where each run is right, or wrong, about all examples
    of each class.
    """
    mean, variance = squares_moments(errors, n_per_class)
    require(mean.sum() > 0, "errors", errors, "neither none nor all of the examples in some run and class")
    return float(np.sqrt(variance.sum()) / mean.sum())


def count_law(error_shares: ArrayLike) -> np.ndarray:
    """The probabilities of the counts 0 .. R of one example, (R + 1,): the Poisson binomial law.

    :param error_shares: k_r / n within 0..1, the share of the example's class that each run misclassifies, (R,).
    """
    shares = np.asarray(error_shares, dtype=float)
    require((shares >= 0) & (shares <= 1), "error_shares", error_shares, "within 0..1")
    law = np.ones(1)
    for share in shares:
        law = np.convolve(law, (1 - share, share))
    return law


def sorted_counts(law: ArrayLike, n_examples: int, places: ArrayLike, level: float) -> tuple[np.ndarray, np.ndarray]:
    """The range of the counts at places of the sorted examples, lower and upper ends, (places,) each.

    All examples are equally hard and independent. The k-th smallest of N counts is at most x with the probability that k or
    more of them are, P(Binomial(N, F(x)) >= k), where F is the distribution function of one count. Each count is within its
    range with the probability ``level`` or more, each place by itself.

    :param law: the probabilities of the counts 0 .. R of one example, (R + 1,), as :func:`count_law` returns them.
    :param n_examples: N >= 1.
    :param places: quantiles within 0..1, 0 for the example of the smallest count. Between two examples, the range begins with
        that of the one before and ends with that of the one after.
    :param level: within 0..1, without the ends.
    """
    below, q = np.minimum(np.cumsum(np.asarray(law, dtype=float)), 1.0), np.asarray(places, dtype=float)
    require_count("n_examples", n_examples, 1)
    require((q >= 0) & (q <= 1), "places", places, "within 0..1")
    require(0 < level < 1, "level", level, "within 0..1, without the ends")
    place, tail = q * (n_examples - 1), (1 - level) / 2
    reached = [stats.binom.sf(ends(place)[:, None], n_examples, below) for ends in (np.floor, np.ceil)]
    return tuple((found >= at).argmax(axis=1) for found, at in zip(reached, (tail, 1 - tail), strict=True))


def binomial_index(error_rates: ArrayLike, swings: ArrayLike, n_per_class: int, n_runs: int) -> Numbers:
    """The mean, under the null hypothesis, of the variance of all counts over that of the Binomial law, R p (1 - p).

    The sum of squares of all N counts has a part within classes, n R sum_c (p_c (1 - p_c) - v_c), from the moments above, and a
    part between classes, n R^2 sum_c (p_c - p)^2, which no arrangement of errors changes. The index is 1, up to a factor
    N / (N - 1), where all classes and all runs have one error rate. It is below 1 where rates swing, and above 1 where classes
    differ.

    :param error_rates: p_c, the mean over runs of the share misclassified in each class, (..., classes); p is their mean.
    :param swings: v_c, the variance of these shares over runs, without correction for its bias, (..., classes).
    :param n_per_class: n >= 2. :param n_runs: R >= 1.
    :returns: (...), without unit.
    """
    rates, swings = np.asarray(error_rates, dtype=float), np.asarray(swings, dtype=float)
    require_count("n_per_class", n_per_class, 2)
    require_count("n_runs", n_runs, 1)
    require_finite("swings", swings)
    require((rates >= 0) & (rates <= 1), "error_rates", error_rates, "within 0..1")
    overall = rates.mean(axis=-1)
    require((overall > 0) & (overall < 1), "error_rates", error_rates, "neither 0 nor 1 in every class")
    within = (rates * (1 - rates) - swings).sum(axis=-1)
    between = n_runs * ((rates - overall[..., None]) ** 2).sum(axis=-1)
    n = n_per_class * rates.shape[-1]
    return (n_per_class * (within + between) / ((n - 1) * overall * (1 - overall)))[()]
