"""The correlation of two orders, and the correlation that they would have if networks did not differ by chance."""

import numpy as np
from scipy import stats

from verify.judging.verdicts import EvidenceError, Status

# Below this the correction for chance divides by little more than chance.
RELIABLE = 0.5


class NoOrder(EvidenceError):
    """Networks that are trained alike do not agree on an order."""

    status = Status.INCONCLUSIVE


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    """The correlation of the ranks of two sets of values, (n,) each; ties share their mean rank."""
    return float(np.corrcoef(stats.rankdata(one), stats.rankdata(other))[0, 1])


def corrected_spearman(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's correlation of two orders, corrected for attenuation by differences between networks.

    It is r_xy / sqrt(r_xx r_yy) (C. Spearman, Am. J. Psychol. 15 (1904) 72-101). Each r is the mean rank correlation over pairs
    of different networks: r_xy is that of the first values of one network with the second values of another, r_xx and r_yy are
    those of values of one kind. Chance lowers all three, and hardly changes the quotient, which may exceed 1.

    :param one, other: values of the same items on the same networks, (networks, items) each.
    :raises NoOrder: r_xx or r_yy is below 1/2.
    """
    cross, first, second = (_between_networks(*pair) for pair in ((one, other), (one, one), (other, other)))
    if min(first, second) < RELIABLE:
        found = f"{first:.2f} and {second:.2f}"
        raise NoOrder(f"networks trained alike agree on an order to rank correlations of {found}; {RELIABLE} is required")
    return float(cross / np.sqrt(first * second))


def _between_networks(one: np.ndarray, other: np.ndarray) -> float:
    """The mean rank correlation over pairs of different networks."""
    ranks = [stats.zscore(stats.rankdata(values, axis=1), axis=1) for values in (one, other)]
    pairs = ranks[0] @ ranks[1].T / one.shape[1]
    return float(pairs[~np.eye(len(pairs), dtype=bool)].mean())
