"""Figures of the geometry of class manifolds: over layers at three times, and over epochs."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from empirical.evidence.quantities import QUANTITIES
from theory.geometry.manifolds import FEW_MANIFOLDS
from verify.figures.style import (
    BAND,
    COLORS,
    GREY,
    MARKERS,
    WORDS,
    band,
    common,
    depth_colors,
    epoch_axis,
    legend_above,
    sheet,
)
from verify.judging.verdicts import Untested
from verify.measurements.runs import Runs, When
from verify.measurements.series import Key

SHOWN = ("capacity", "radius", "dimension")
INPUT = "input"


def geometry(runs: Runs) -> Figure:
    """A figure of capacity, radius and dimension over layers, at initialization, turning point and end."""
    figure = sheet(10, 8.6, title(runs, "geometry of class manifolds"), f"{BAND}; {_manifolds(runs)}")
    axes = figure.subplots(len(SHOWN), 3, sharex=True, sharey="row")
    for column, (words, when) in enumerate(times_shown(runs)):
        axes[0, column].set_title(words)
        for row, quantity in enumerate(SHOWN):
            _over_layers(axes[row, column], runs, quantity, when)
    for row, quantity in enumerate(SHOWN):
        axes[row, 0].set_ylabel(f"{quantity}\n({QUANTITIES[quantity]['unit']})")
        axes[row, 0].set_ylim(bottom=0)
    layers = layers_shown(runs)
    for ax in axes[-1]:
        ax.set_xticks(range(len(layers)), layers, rotation=45, ha="right", rotation_mode="anchor")
    legend_above(figure, axes[0, 0], columns=3)
    return figure


def geometry_epochs(runs: Runs) -> Figure:
    """A figure of the permuted group's capacity over the shuffled baseline's, over epochs, layer by layer."""
    layers = layers_shown(runs)
    figure = sheet(7.5, 4.8, title(runs, "capacity of permuted manifolds"), f"{BAND}; {_manifolds(runs)}")
    ax, last = figure.add_subplot(), 0
    for layer, color in zip(layers, depth_colors(len(layers)), strict=True):
        permuted, shuffled = (common(runs.series("capacity", "permuted", choice, layer)) for choice in ("", "shuffled"))
        band(ax, permuted.epochs, permuted.values / shuffled.values, color, layer, marker=".")
        last = max(last, int(permuted.epochs[-1]))
    ax.axhline(1, color=GREY, linestyle="--")
    ax.set_ylabel("capacity / capacity with shuffled labels")
    epoch_axis(ax, last)
    legend_above(figure, ax, columns=6)
    return figure


def _over_layers(ax: Axes, runs: Runs, quantity: str, when: When) -> None:
    layers = layers_shown(runs)
    for group, color in COLORS.items():
        if Key(quantity, group, "", layers[-1]) in runs.table or group == runs.trained_groups[-1]:
            values = runs.layerwise(quantity, group, when, "", layers)
            band(ax, range(len(layers)), values, color, WORDS[group], marker=MARKERS[group], markersize=4)
    if "permuted" in runs.trained_groups:
        baseline = runs.layerwise(quantity, "permuted", when, "shuffled", layers)
        band(ax, range(len(layers)), baseline, GREY, "permuted, labels shuffled (baseline)", linestyle="--")


def layers_shown(runs: Runs, quantity: str = "capacity", group: str = "", choice: str = "") -> tuple[str, ...]:
    """The hidden layers, after the input if the quantity was measured there too.

    :param group: the last group trained on if "", which is the permuted group where labels are permuted.
    """
    if not runs.layers:
        raise Untested("no layer was measured in this world")
    if Key(quantity, group or runs.trained_groups[-1], choice, INPUT) in runs.table:
        return INPUT, *runs.layers
    return runs.layers


def times_shown(runs: Runs) -> list[tuple[str, When]]:
    """Initialization, turning point and end, with words that name the epochs."""
    turning, end = runs.turning_points(), int(runs.series("accuracy", "test", "report").epochs[-1])
    first, last = turning.min(), turning.max()
    span = f"epoch {first}" if first == last else f"epochs {first}-{last}"
    return [
        ("initialization", 0),
        (f"turning point ({span})", "turning_point"),
        (f"end (epoch {end})", end),
    ]


def title(runs: Runs, words: str) -> str:
    """The title of a figure: the world, what is shown, and the number of networks."""
    return f"{runs.world}: {words}, mean of {len(runs.turning_points())} networks"


def _manifolds(runs: Runs) -> str:
    words = f"P = {runs.n_classes} manifolds, one a class"
    return words if runs.n_classes >= FEW_MANIFOLDS else f"{words}, below the theory's limit of large P"
