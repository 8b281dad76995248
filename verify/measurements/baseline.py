"""The geometry of permuted manifolds relative to the shuffled baseline, which is the same points with shuffled labels."""

import numpy as np

from empirical.evidence.names import PERMUTED, SHUFFLED, packed
from verify.measurements.runs import Runs, When


def excess(runs: Runs, quantity: str, when: When, choice: str = "") -> np.ndarray:
    """Logarithm of a permuted manifold's quantity over the shuffled baseline's, by hidden layer, (networks, layers).

    :param choice: another analysis choice, as the choice column names it, used for both.
    """
    measured, baseline = (runs.layerwise(quantity, PERMUTED, when, one) for one in (choice, packed(SHUFFLED, choice)))
    return np.log(measured / baseline)


def excess_over_epochs(runs: Runs, quantity: str) -> dict[int, np.ndarray]:
    """The :func:`excess` at every epoch at which all networks were measured: epoch -> (networks, layers)."""
    one = runs.series(quantity, PERMUTED, layer=runs.layers[0])
    return {int(epoch): excess(runs, quantity, int(epoch)) for epoch in one.shared_epochs()}
