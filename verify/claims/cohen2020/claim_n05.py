"""N-05: an untrained network leaves capacity and dimension as they are in the pixels, and training changes both.

Cohen, Chung, Lee & Sompolinsky 2020, the untrained control. At initialization, test manifolds have the capacity and the
dimension of the pixels, averaged over the hidden layers, to within 20 percent. In the last hidden layer, the trained network
has more capacity and less dimension than the untrained network.
"""

from dataclasses import replace

import numpy as np

from verify import Relation, both, claim, dominates, equivalent
from verify.claims.cohen2020.claim_n01 import TRAINED, along
from verify.judging.mean_tests import Equality
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series


def trained_already(runs: Runs) -> Runs:
    """Runs in which test manifolds have their final geometry from the start."""

    def change(key: Key, series: Series):
        if key.group != "test" or key.quantity not in ("capacity", "dimension"):
            return key, series
        return key, replace(series, values=np.where(np.isnan(series.values), np.nan, series.values[:, -1:]))

    return runs.transformed(change)


@claim("N-05", needs=("capacity", "dimension", "accuracy"), counterfeit=trained_already, labels=TRAINED)
def claim_untrained_layers_change_nothing(runs: Runs) -> Relation:
    capacity, dimension = (np.log(untrained(runs, name)) for name in ("capacity", "dimension"))
    trained, smaller = (np.log(along(runs, name))[:, -1] for name in ("capacity", "dimension"))
    return both(
        same_as_pixels(capacity, runs.layers, "capacity"),
        same_as_pixels(dimension, runs.layers, "dimension"),
        dominates(trained, capacity[:, -1], effect=0.1, unit="log capacity", about="capacity gained by training"),
        dominates(dimension[:, -1], smaller, effect=0.1, unit="log dimension", about="dimension lost by training"),
    )


def same_as_pixels(logs: np.ndarray, layers: tuple[str, ...], name: str) -> Equality:
    """The relation that hidden layers have the pixels' logarithm on average, (networks, 1 + hidden layers)."""
    about = f"untrained {name}, pixels"
    return equivalent(logs[:, 1:], logs[:, :1], effect=0.2, unit=f"log {name}", about=about, layers=layers)


def untrained(runs: Runs, quantity: str) -> np.ndarray:
    """A quantity of the test manifolds at initialization, pixels first, (networks, 1 + hidden layers)."""
    return runs.layerwise(quantity, "test", 0, layers=("input", *runs.layers))
