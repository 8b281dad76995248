"""One observation per network from a statistic of all networks, so that a t interval can judge the statistic."""

from collections.abc import Callable

import numpy as np


def pseudo_values(statistic: Callable[[np.ndarray], float], n_networks: int) -> np.ndarray:
    """The contribution of each network to a statistic, (n,).

    It is n times the whole minus n - 1 times the statistic without the network. The mean of the contributions is the statistic
    minus its jackknife bias, and their t interval is the jackknife interval (Tukey 1958).

    :param statistic: a function from the numbers of the networks that are kept, (k,), to the statistic.
    """
    every = np.arange(n_networks)
    without = np.array([statistic(np.delete(every, left_out)) for left_out in every])
    return n_networks * statistic(every) - (n_networks - 1) * without
