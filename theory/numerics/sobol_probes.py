"""Gaussian probes that fill their space evenly, in independent replicates that tell the error of an average."""

import numpy as np
from scipy import special
from scipy.stats import qmc

from theory.numerics.estimate import Estimate
from theory.numerics.validation import require_count

# Enough for a standard error that is itself right to a fifth.
REPLICATES = 16


def squared_lengths(counts, n_probes: int, seed: int):
    """Squared lengths of Gaussian vectors in so many dimensions each, replicate by replicate.

    Scrambled Sobol points through the chi-squared quantiles: an average of a smooth function converges nearly as 1/n.

    :param counts: dimensions of each vector, (G,). :param n_probes: in all; rounded up to 16 powers of two.
    :returns: 16 arrays (n, G), one at a time.
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


def inverse_of_mean(means, n_probes: int) -> Estimate:
    """1 / mean and its standard error by the delta method, from the means of replicates, (16, ...)."""
    mean = np.mean(means, axis=0)
    se = np.std(means, axis=0, ddof=1) / np.sqrt(len(means))
    return Estimate((1 / mean)[()], (se / mean**2)[()], REPLICATES * 2 ** _bits(n_probes))


def _bits(n_probes):
    return int(np.ceil(np.log2(n_probes / REPLICATES)))
