"""The table of a plan: rows of the layers that have a geometry, and what is told of the others."""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from empirical.activations.outputs import in_words
from empirical.activations.plan import Plan
from empirical.geometry.layer_rows import class_rows
from empirical.geometry.measures import Measuring
from empirical.layer_tables.rows import LayerGeometry, LeftOut
from empirical.layer_tables.table import LayerTable


def table_of(
    plan: Plan, found: Mapping[str, tuple[LayerGeometry, Any]], sizes: Mapping[str, int], how: Measuring
) -> LayerTable:
    """The table of all layers of the plan; raises and warns as :func:`warn_of_others`.

    :param found: the row and the geometry of each layer that has one, by name, as :func:`row_of` returns them.
    :param sizes: M_i, number of points of each class, by its label.
    """
    notes = warn_of_others(plan, found, stacklevel=5)
    there = [name for name in plan.names if name in found]
    return LayerTable(
        [found[name][0] if name in found else _noted(name, notes[name], list(sizes.values()), how) for name in plan.names],
        _left_out(plan.left_out),
        classes=[one for name in there for one in class_rows(name, found[name][1], list(sizes.items()))],
        halves={name: found[name][1].halves for name in there if found[name][1].halves},
        seed=int(how.seed),
        settings={"margin": float(how.margin), "tokens": in_words(plan.manner.tokens), "resamples": int(how.resamples)},
    )


def warn_of_others(plan: Plan, found: Mapping[str, Any], stacklevel: int = 4) -> dict[str, str]:
    """Why layers of the plan are not among those found, by name; one warning tells of them, another of layers left out.

    :param stacklevel: of the warnings, as in :func:`warnings.warn`.

    :raises ActivationError, GeometryError: nothing was found; it is the first layer's error.
    """
    failed = plan.manner.failed or {}
    if failed and not found:
        raise next(failed[name] for name in plan.names)
    notes = {name: str(failed[name]).removeprefix(f"layer {name}").lstrip(": ") for name in plan.names if name in failed}
    _warn("are not in the table", "table.left_out", _left_out(plan.left_out), stacklevel)
    _warn("have no geometry", "their notes", _left_out(notes), stacklevel)
    return notes


def _left_out(why: Mapping[str, str]) -> list[LeftOut]:
    return [LeftOut(layer, words) for layer, words in why.items()]


def _warn(what: str, where: str, layers: Sequence[LeftOut], stacklevel: int) -> None:
    if layers:
        first = f"{layers[0].layer}: {layers[0].why}"
        warnings.warn(f"layers that {what}: {len(layers)}, see {where}; the first is {first}", stacklevel=stacklevel)


def _noted(layer: str, why: str, sizes: Sequence[int], how: Measuring) -> LayerGeometry:
    """The row of a layer that has no geometry."""
    numbers: dict[str, Any] = {one.name: math.nan for one in fields(LayerGeometry)}
    counts = {"n_features": 0, "n_manifolds": len(sizes), "n_points": sum(sizes) / len(sizes)}
    probes = {"correlations": how.correlations, "n_probes": how.n_probes * len(sizes)}
    return LayerGeometry(**numbers | counts | probes | {"layer": layer, "center_rank": None, "note": why})
