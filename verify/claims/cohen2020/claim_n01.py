"""N-01: capacity rises along the layers of a trained network.

Cohen, Chung, Lee & Sompolinsky 2020, abstract and the figures of capacity. At the end of training, the log capacity of test
manifolds rises from the pixels through the hidden layers (least-squares slope per layer). In the last hidden layer it is well
above its value at the pixels.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from verify import Relation, both, claim, dominates, increases
from verify.counterfeits import mean_gap
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series

TRAINED = ("clean", "mixed")


def like_pixels(*quantities: str) -> Callable[[Runs], Runs]:
    """Runs in which every hidden layer has the pixels' mean logarithm, epoch by epoch; networks keep their deviations."""

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            pixels = runs.table.get(key._replace(layer="input"))
            if key.quantity not in quantities or key.layer not in runs.layers or pixels is None:
                return key, series
            return key, replace(series, values=series.values * np.exp(-mean_gap(series, pixels)))

        return runs.transformed(change)

    return counterfeit


@claim("N-01", needs=("capacity", "accuracy"), counterfeit=like_pixels("capacity"), labels=TRAINED, source="abstract")
def claim_capacity_rises_along_the_layers(runs: Runs) -> Relation:
    pixels, *hidden = np.log(along(runs, "capacity")).T
    return both(
        increases(np.stack([pixels, *hidden], axis=1), effect=0.02, unit="log capacity/layer", about="per layer"),
        dominates(hidden[-1], pixels, effect=0.3, unit="log capacity", about="last layer over pixels"),
    )


def along(runs: Runs, quantity: str) -> np.ndarray:
    """A quantity of the test manifolds at the end, pixels first, (networks, 1 + hidden layers)."""
    return runs.layerwise(quantity, "test", "end", layers=("input", *runs.layers))
