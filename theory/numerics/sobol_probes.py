"""Quasi-random Gaussian probes in independent replicates, whose spread gives the standard error of an average."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import special
from scipy.stats import qmc

from theory.numerics.estimate import Estimate
from theory.numerics.validation import require_count

# Enough replicates for a standard error that is accurate to a fifth.
REPLICATES = 16
Dimensions = np.ndarray | Sequence[int]  # (G,)
Means = np.ndarray | Sequence[np.ndarray]  # (16, ...)


def squared_lengths(counts: Dimensions, n_probes: int, seed: int) -> Iterator[np.ndarray]:
    """Squared lengths of quasi-random Gaussian vectors: 16 replicates (n, G), one at a time.

    Scrambled Sobol points are mapped through the chi-squared quantiles. The average of a smooth function converges nearly as
    1/n.

    :param counts: the number of dimensions of each of G vectors, (G,).
    :param n_probes: number of probes over all replicates, at least 16; rounded up to 16 times a power of two.
    :param seed: of the scrambling.
    """
    require_count("n_probes", n_probes, REPLICATES)
    counts = np.asarray(counts)
    single = counts == 1
    bits = _bits(n_probes)
    for rng in np.random.default_rng(seed).spawn(REPLICATES):
        # Points on the boundary of the cube have infinite quantiles.
        uniform = np.clip(qmc.Sobol(len(counts), rng=rng).random_base2(bits), 1e-15, 1 - 1e-15)
        squares = np.empty_like(uniform)
        squares[:, single] = special.ndtri(uniform[:, single]) ** 2
        squares[:, ~single] = special.chdtri(counts[~single], 1 - uniform[:, ~single])
        yield squares


def inverse_of_mean(means: Means, n_probes: int) -> Estimate:
    """1 / mean, with its standard error by the delta method.

    :param means: the means of the replicates, (16, ...). :param n_probes: as in :func:`squared_lengths`.
    :returns: value and se have the shape of the means after the first axis.
    """
    mean = np.mean(means, axis=0)
    se = np.std(means, axis=0, ddof=1) / np.sqrt(len(means))
    return Estimate((1 / mean)[()], (se / mean**2)[()], REPLICATES * 2 ** _bits(n_probes))


def _bits(n_probes):
    return int(np.ceil(np.log2(n_probes / REPLICATES)))
