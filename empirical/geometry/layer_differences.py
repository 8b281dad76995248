"""Two networks, layer by layer, on the same images: differences with standard errors that use the pairing."""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import nn

from empirical.errors import GeometryError
from empirical.geometry.layers import layer_geometry
from empirical.geometry.measures import differences
from empirical.layer_tables.rows import LayerGeometry
from empirical.layer_tables.table import LayerTable

Pairs = Sequence[str | tuple[str, str]]
# What has to be equal for the halves of the points to be the same.
SHARED = ("n_manifolds", "n_points", "correlations", "n_probes")


@dataclass(frozen=True)
class LayerDifference:
    """The first network's value minus the second's in one layer, with standard errors over points and probes.

    The errors use that both networks were measured on the same points: what the choice of points does to both cancels. They do
    not cover the choice of the classes, nor that of the networks. To compare two ways of training, train several networks of
    each and compare their values.

    layer, other: names of the layer in the first and in the second network.
    note: why there is no difference, its numbers being nan; empty where there is one.
    """

    layer: str
    other: str
    capacity: float
    capacity_se: float
    radius: float
    radius_se: float
    dimension: float
    dimension_se: float
    note: str = ""


def layer_comparison(
    first: nn.Module, second: nn.Module, inputs: Any, labels: Any, layers: Pairs | None = None, **options: Any
) -> list[LayerDifference]:
    """The first network minus the second, both measured on the same points, probes and dichotomies.

    :param inputs, labels, options: as in :func:`empirical.geometry.layers.layer_geometry`.
    :param layers: names that both networks have, or pairs of a name in the first and one in the second; None stands for the
        layers with weights that both have.
    """
    pairs = None if layers is None else _pairs(layers)
    tables = []
    for place, model in enumerate((first, second)):
        own = None if pairs is None else list(dict.fromkeys(pair[place] for pair in pairs))
        tables.append(layer_geometry(model, inputs, labels, own, **options))
    return compare(*tables, layers=layers)


def compare(first: LayerTable, second: LayerTable, layers: Pairs | None = None) -> list[LayerDifference]:
    """The first table minus the second, for two networks measured with the same inputs, labels and seed.

    :param layers: names that both tables have, or pairs of a name in the first and one in the second; None stands for all
        that both have.
    :raises GeometryError: tables measured differently: other classes, points, seeds or options, of which the message names
        one; tables measured with ``resamples=0`` or read from CSV; or a layer that a table does not have.
    """
    rows = [{row.layer: row for row in table} for table in (first, second)]
    pairs = _pairs(_common(*rows) if layers is None else layers)
    if not pairs:
        raise GeometryError(f'no layer has one name in both; pass layers=[("NAME", "OTHER"), ...] of {_two_lists(rows)}')
    for pair in pairs:
        for name, known in zip(pair, rows, strict=True):
            if name not in known:
                raise GeometryError(f"no layer {name!r}; the tables have {_two_lists(rows)}")
    _require_same_points(first, second)
    return [_difference(first, second, rows[0][one], rows[1][other]) for one, other in pairs]


def _common(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """The names in both, in the order of the first; a warning names the others."""
    apart = [name for name in (*first, *second) if (name in first) != (name in second)]
    if apart:
        warnings.warn(f"layers of one table alone are not compared: {', '.join(apart)}; pair them with layers=", stacklevel=3)
    return [name for name in first if name in second]


def _pairs(layers: Pairs) -> list[tuple[str, str]]:
    return [(one, one) if isinstance(one, str) else (one[0], one[1]) for one in layers]


def _two_lists(rows: Sequence[Mapping[str, Any]]) -> str:
    return " and ".join(f"[{', '.join(one)}]" for one in rows)


def _require_same_points(first: LayerTable, second: LayerTable) -> None:
    """Raise an error where the tables are known to be measured differently; that the inputs are the same is not known here."""
    for table in (first, second):
        if not table.classes and any(not row.note for row in table):
            raise GeometryError(
                "a table has rows alone, as one loaded from a .csv file has: differences need the classes and the halves of "
                "the points too; save both tables as .json, and load those"
            )
    one, other = map(_about, (first, second))
    for name in dict.fromkeys([*one, *other]):
        if one.get(name) != other.get(name):
            raise GeometryError(
                f"the tables differ in {name}, {_told(one, name)} and {_told(other, name)}: measure both with the same inputs, "
                "labels, seed and options"
            )


def _about(table: LayerTable) -> dict[str, Any]:
    """What has to be equal in both tables."""
    shared = {name: sorted({getattr(row, name) for row in table if not row.note}) for name in SHARED}
    sizes = {f"points of class {one.label}": one.n_points for one in table.classes}
    return {"seed": table.seed, "labels": sorted({one.label for one in table.classes}), **shared, **sizes, **table.settings}


def _told(about: Mapping[str, Any], name: str) -> Any:
    return about.get(name, "not known (an older file)")


def _difference(first: LayerTable, second: LayerTable, one: LayerGeometry, other: LayerGeometry) -> LayerDifference:
    nan = math.nan
    if note := one.note or other.note:
        return LayerDifference(one.layer, other.layer, nan, nan, nan, nan, nan, nan, note)
    halves = first.halves.get(one.layer, {}), second.halves.get(other.layer, {})
    numbers: dict[str, Any] = dict(differences((one, halves[0]), (other, halves[1])))
    return LayerDifference(one.layer, other.layer, **numbers)
