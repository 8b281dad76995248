"""The geometry of runs as measured by one method: how correlations between manifolds are treated.

Tables hold the geometry of several methods, each under names of its own. Claims read "capacity", "radius" and "dimension". In
the runs of a method, these are that method's.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from empirical.runs.instruments import GEOMETRY
from verify.judging.verdicts import NotAsked
from verify.measurements.runs import Runs
from verify.measurements.series import Series
from verify.measurements.sweeps import Sweep

# Prefixes of the names in tables.
PREFIXES = {"cavity": "cavity_", "corrected": "corrected_", "independent": "", "joint": "joint_"}
WORDS = {
    "cavity": "the cavity method",
    "corrected": "the published correction",
    "independent": "K = 0",
    "joint": "joint anchors",
}
# A claim is judged by the first of these by which everything that it reads was measured.
BEST = ("cavity", "corrected", "independent")
# The method of quantities that are read under their own name whatever the method.
INDEPENDENT = "independent_"


def by_method(runs: Any, method: str) -> Any:
    """Runs, or a sweep of runs, whose capacity, radius and dimension are those of a method.

    Those for K = 0 are also there as "independent_capacity" and so on.

    Joint anchors measure the layers in which all dichotomies are separable, and other layers are left out.

    :param method: a key of :data:`PREFIXES`.
    """
    if isinstance(runs, Sweep):
        return replace(runs, runs=tuple(by_method(one, method) for one in runs.runs))
    prefix = PREFIXES[method]
    own = {f"{prefix}{quantity}": quantity for quantity in GEOMETRY}
    table = {key: series for key, series in runs.table.items() if key.quantity not in GEOMETRY}
    for key, series in runs.table.items():
        if key.quantity in GEOMETRY:
            table[key._replace(quantity=f"{INDEPENDENT}{key.quantity}")] = series
        if key.quantity in own:
            table[key._replace(quantity=own[key.quantity])] = series
    broken = runs.broken | {(own[name], group): why for (name, group), why in runs.broken.items() if name in own}
    found = replace(runs, table=table, broken=broken, beside=lambda suffix: by_method(runs.beside(suffix), method))
    return _where_complete(found) if method == "joint" else found


def has_method(runs: Any, method: str) -> bool:
    """Whether runs, or any of a sweep's, have a capacity by a method, from :data:`PREFIXES`."""
    if isinstance(runs, Sweep):
        return any(has_method(one, method) for one in runs.runs)
    return any(key.quantity == f"{PREFIXES[method]}{GEOMETRY[0]}" for key in runs.table)


def _where_complete(runs: Runs) -> Runs:
    """Runs of the layers in which every group was measured whenever it was measured in any layer.

    :raises NotAsked: there is no such layer.
    """
    moments = {layer: _moments(runs, layer) for layer in runs.layers}
    every = set().union(*moments.values())
    kept = tuple(layer for layer, there in moments.items() if there == every and every)
    if not kept:
        raise NotAsked("no layer has features that separate every random dichotomy of its manifolds")
    return replace(runs, layers=kept, all_layers=runs.all_layers or runs.layers)


def _moments(runs: Runs, layer: str) -> set[tuple[str, str, int, int]]:
    """The group, choice, row and epoch of every capacity that was measured in a layer."""
    return {
        (key.group, key.choice, row, int(epoch))
        for key, series in runs.table.items()
        if key.quantity == GEOMETRY[0] and key.layer == layer
        for row, epoch in zip(*_measured(series), strict=True)
    }


def _measured(series: Series) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.nonzero(~np.isnan(series.values))
    return rows, series.epochs[columns]
