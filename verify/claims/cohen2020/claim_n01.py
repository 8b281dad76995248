"""N-01: capacity rises along the layers of a trained network.

Cohen, Chung, Lee & Sompolinsky 2020, abstract and the figures of capacity. At the end, for manifolds of test images: log
capacity rises from the pixels through the hidden layers, least-squares slope per layer, and in the last of them is well above
that of the pixels.
"""

import numpy as np

from verify import both, claim, dominates, increases
from verify.runs import Runs
from verify.series import Key, Series

TRAINED = ("clean", "mixed")


def upside_down(*quantities: str):
    """Pixels and hidden layers in reverse order: what is measured of the pixels is reported for the last hidden layer."""

    def counterfeit(runs: Runs) -> Runs:
        names = ("input", *runs.layers)
        mirrored = dict(zip(names, reversed(names), strict=True))

        def change(key: Key, series: Series):
            own = key.quantity in quantities
            return (key._replace(layer=mirrored.get(key.layer, key.layer)) if own else key), series

        return runs.transformed(change)

    return counterfeit


@claim("N-01", needs=("capacity", "accuracy"), counterfeit=upside_down("capacity"), labels=TRAINED)
def claim_capacity_rises_along_the_layers(runs: Runs):
    pixels, *hidden = np.log(along(runs, "capacity")).T
    return both(
        increases(np.stack([pixels, *hidden], axis=1), effect=0.02, unit="log capacity/layer"),
        dominates(hidden[-1], pixels, effect=0.3, unit="log capacity"),
    )


def along(runs: Runs, quantity: str) -> np.ndarray:
    """A quantity of the test manifolds at the end, pixels first: (networks, 1 + hidden layers)."""
    return runs.layerwise(quantity, "test", "end", layers=("input", *runs.layers))
