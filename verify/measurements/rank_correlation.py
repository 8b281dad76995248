"""The correlation of two orders."""

import numpy as np
from scipy import stats


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    """The correlation of the ranks of two sets of values, (n,) each; ties share their mean rank."""
    return float(np.corrcoef(stats.rankdata(one), stats.rankdata(other))[0, 1])
