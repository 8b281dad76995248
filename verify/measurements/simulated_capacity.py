"""The capacity of the theory compared with the simulated capacity, layer by layer."""

import numpy as np

from empirical.evidence.names import END, PERMUTED, UNPERMUTED
from verify.judging.mean_tests import Equality
from verify.judging.relations import both, negligible
from verify.judging.rules import Both
from verify.judging.verdicts import NotAsked
from verify.measurements.runs import Runs
from verify.measurements.series import Key

GROUPS = (UNPERMUTED, PERMUTED)


def simulated_layers(runs: Runs, group: str, choice: str = "") -> list[str]:
    """The hidden layers in which every network has a simulated capacity: enough features to separate every dichotomy.

    :raises NotAsked: there is no such layer.
    """
    series = {layer: runs.table.get(Key("simulated_capacity", group, choice, layer)) for layer in runs.layers}
    there = [layer for layer, one in series.items() if one is not None and not np.isnan(one.values[:, -1]).any()]
    if not there:
        raise NotAsked("no layer has features that separate every random dichotomy of its manifolds in every network")
    return there


def simulated(runs: Runs, group: str, choice: str = "") -> np.ndarray:
    """Simulated capacity at the end in the layers of :func:`simulated_layers`, (networks, layers)."""
    return runs.layerwise("simulated_capacity", group, END, choice, simulated_layers(runs, group, choice))


def meets_simulation(runs: Runs, quantity: str, effect: float) -> Both:
    """The relation that the theory's capacity is the simulated one, for both training groups, in every simulated layer.

    :param effect: in log capacity.
    """
    return both(*(part for group in GROUPS for part in _by_layer(runs, quantity, group, effect)), chosen=True)


def _by_layer(runs: Runs, quantity: str, group: str, effect: float) -> list[Equality]:
    layers = simulated_layers(runs, group)
    excess = np.log(_theory(runs, quantity, group) / simulated(runs, group)).T
    return [
        negligible(one, effect, "log capacity", about=f"{group}, {layer}") for layer, one in zip(layers, excess, strict=True)
    ]


def _theory(runs: Runs, quantity: str, group: str) -> np.ndarray:
    return runs.layerwise(quantity, group, END, layers=simulated_layers(runs, group))
