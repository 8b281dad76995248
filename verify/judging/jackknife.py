"""A statistic of all networks together, made into one observation per network, so that it is judged like any other mean."""

from collections.abc import Callable

import numpy as np


def pseudo_values(statistic: Callable[[np.ndarray], float], n_networks: int) -> np.ndarray:
    """What each network adds to a statistic: n times the whole less n - 1 times what it is without the network, (n,).

    Their mean is the statistic less its jackknife bias, their t interval its jackknife interval (Tukey 1958).

    :param statistic: from the numbers of the networks kept, (k,), to the statistic.
    """
    every = np.arange(n_networks)
    without = np.array([statistic(np.delete(every, left_out)) for left_out in every])
    return n_networks * statistic(every) - (n_networks - 1) * without
