"""The geometry of layers as a picture: capacity with its baseline, radius and dimension. Needs matplotlib, and no display."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from empirical.errors import GeometryError
from empirical.layer_tables.rows import LayerGeometry

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's palette, which colour-blind readers can distinguish; markers distinguish networks in print too.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
PANELS = {"capacity": "capacity", "radius": "radius R", "dimension": "dimension D"}
LOOK: dict = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.linewidth": 1.4,
}
# With more layers their names are smaller, and markers too.
MANY = 20
LONGEST_NAME = 28
# Of a letter in the legend.
LEGEND_INCHES = 0.08


def plot_layers(tables: Mapping[str, Sequence[LayerGeometry]]) -> "Figure":
    """Three panels over the layers, a line for each table, error bars of one standard error, and dashes for shuffled labels.

    Layers stand in the order of the tables; a layer that only some have is beside its neighbours there. A layer without a
    geometry is a gap in its line.

    :param tables: by the name of each network.
    :raises GeometryError: no table has a row, or matplotlib is not installed.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise GeometryError("plot needs matplotlib, which is not installed: python -m pip install matplotlib") from error
    layers = in_order([[row.layer for row in table] for table in tables.values()])
    if not layers:
        raise GeometryError("plot needs a table with one layer or more; received none")
    with rc_context(LOOK):
        width = min(5 + 0.17 * len(layers), 16)
        figure = Figure(figsize=(width, 9 if len(layers) > MANY else 7.5), layout="constrained")
        axes = figure.subplots(len(PANELS), 1, sharex=True)
        for ax, (quantity, words) in zip(axes, PANELS.items(), strict=True):
            for number, (name, table) in enumerate(tables.items()):
                _draw(ax, quantity, table, layers, name, number)
            ax.set_ylabel(words)
            ax.set_ylim(bottom=0)
            ax.grid(axis="x", color="#E8E8E8", linewidth=0.6)
        _name_layers(axes[-1], layers)
        handles, words = axes[0].get_legend_handles_labels()
        columns = max(int(width / (LEGEND_INCHES * max(map(len, words)) + 0.6)), 1)
        figure.legend(handles, words, loc="outside upper center", ncols=min(columns, 4))
    return figure


def in_order(paths: Sequence[Sequence[str]]) -> list[str]:
    """All names, each once; a name that earlier lists lack stands behind the name before it in its own list."""
    found: list[str] = []
    for path in paths:
        place = 0
        for name in path:
            if name not in found:
                found.insert(place, name)
            place = found.index(name) + 1
    return found


def _draw(ax: "Axes", quantity: str, table: Sequence[LayerGeometry], layers: list[str], name: str, number: int) -> None:
    color, marker = COLORS[number % len(COLORS)], MARKERS[number % len(MARKERS)]
    places = [layers.index(row.layer) for row in table]
    small = len(layers) > MANY
    line: dict[str, Any] = {"color": color, "marker": marker, "markersize": 3 if small else 5, "elinewidth": 1}
    ax.errorbar(places, *_values(table, quantity, f"{quantity}_se"), label=name, **line)
    values, errors = _values(table, "baseline", "baseline_se")
    if quantity == "capacity" and not all(map(math.isnan, values)):
        line |= {"marker": "", "linestyle": "--", "alpha": 0.7}
        ax.errorbar(places, values, errors, label=f"{name}, shuffled labels", **line)


def _values(table: Sequence[LayerGeometry], value: str, error: str) -> tuple[list[float], list[float]]:
    """The values and errors of all rows; a value that is not finite is a gap, an error that is not finite has no bar."""
    values = [getattr(row, value) for row in table]
    errors = [getattr(row, error) for row in table]
    return [v if math.isfinite(v) else math.nan for v in values], [e if math.isfinite(e) else 0.0 for e in errors]


def _name_layers(ax: "Axes", layers: list[str]) -> None:
    many = len(layers) > MANY
    words = [name if len(name) <= LONGEST_NAME else f"…{name[1 - LONGEST_NAME :]}" for name in layers]
    ax.set_xticks(range(len(layers)), words, rotation=90 if many else 45, ha="center" if many else "right")
    ax.tick_params(axis="x", labelsize=7 if many else 9)
    if not many:
        for label in ax.get_xticklabels():
            label.set_rotation_mode("anchor")
    ax.set_xlim(-0.6, len(layers) - 0.4)
