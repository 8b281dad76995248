"""The table of a plan: rows of the layers that have a geometry, and what is told of the others."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from empirical.activations.plan import Plan
from empirical.geometry.layer_table import LayerGeometry, LayerTable, LeftOut


def table_of(plan: Plan, rows: dict[str, LayerGeometry], sizes: Sequence[int], **method: Any) -> LayerTable:
    """The table of all layers of the plan, with one warning of those left out and one of those that have no geometry.

    :param rows: of the layers that have a geometry, by name.
    :param sizes: M_i, number of points of each class. :param method: correlations and n_probes, of rows without a geometry.
    :raises ActivationError, GeometryError: no layer has a geometry; it is the first layer's error.
    """
    failed = plan.manner.failed or {}
    if failed and not rows:
        raise next(failed[name] for name in plan.names)
    left_out = [LeftOut(name, why) for name, why in plan.left_out.items()]
    notes = {name: str(failed[name]).removeprefix(f"layer {name}").lstrip(": ") for name in plan.names if name in failed}
    _warn("are not in the table", "table.left_out", left_out)
    _warn("have no geometry", "their notes", [LeftOut(name, why) for name, why in notes.items()])
    return LayerTable([rows.get(name) or _noted(name, notes[name], sizes, method) for name in plan.names], left_out)


def _warn(what: str, where: str, layers: Sequence[LeftOut]) -> None:
    if layers:
        first = f"{layers[0].layer}: {layers[0].why}"
        warnings.warn(f"layers that {what}: {len(layers)}, see {where}; the first is {first}", stacklevel=4)


def _noted(layer: str, why: str, sizes: Sequence[int], method: dict[str, Any]) -> LayerGeometry:
    """The row of a layer that has no geometry."""
    numbers: dict[str, Any] = {one.name: math.nan for one in fields(LayerGeometry)}
    counts = {"n_features": 0, "n_manifolds": len(sizes), "n_points": sum(sizes) / len(sizes)}
    probes = {"correlations": method["correlations"], "n_probes": method["n_probes"] * len(sizes)}
    return LayerGeometry(**numbers | counts | probes | {"layer": layer, "center_rank": None, "note": why})
