"""The capacity of the theory compared with the simulated capacity, layer by layer."""

import numpy as np

from empirical.evidence.names import END, PERMUTED, UNPERMUTED
from verify.judging.relations import both, negligible
from verify.judging.rules import Both
from verify.judging.verdicts import Untested
from verify.measurements.runs import Runs
from verify.measurements.series import Key

GROUPS = (UNPERMUTED, PERMUTED)


def simulated_layers(runs: Runs, group: str, choice: str = "") -> list[str]:
    """The hidden layers in which every network has a simulated capacity: enough features to separate every dichotomy.

    :raises Untested: there is no such layer, or the capacity was not simulated.
    """
    series = {layer: runs.table.get(Key("simulated_capacity", group, choice, layer)) for layer in runs.layers}
    there = [layer for layer, one in series.items() if one is not None and not np.isnan(one.values[:, -1]).any()]
    if not there:
        raise Untested(f"no layer of this world has a simulated capacity of {group} {choice}".rstrip() + " for every network")
    return there


def simulated(runs: Runs, group: str, choice: str = "") -> np.ndarray:
    """Simulated capacity at the end in the layers of :func:`simulated_layers`, (networks, layers)."""
    return runs.layerwise("simulated_capacity", group, END, choice, simulated_layers(runs, group, choice))


def meets_simulation(runs: Runs, quantity: str, effect: float) -> Both:
    """The relation that the theory's capacity is the simulated one, for both training groups, in every simulated layer.

    :param effect: in log capacity.
    """
    return both(
        *(
            negligible(layer, effect, "log capacity")
            for group in GROUPS
            for layer in np.log(_theory(runs, quantity, group) / simulated(runs, group)).T
        )
    )


def _theory(runs: Runs, quantity: str, group: str) -> np.ndarray:
    return runs.layerwise(quantity, group, END, layers=simulated_layers(runs, group))
