"""The figure of double descent: errors, dimension, radius and centre correlation over the values of a sweep."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from empirical.evidence.quantities import QUANTITIES
from verify.figures.style import BAND, COLORS, GREY, MARKERS, WORDS, band, legend_above, sheet, value_axis
from verify.judging.verdicts import Untested
from verify.measurements.sweeps import NoThreshold, Sweep

GEOMETRY = {"dimension": "dimension", "radius": "radius", "center_correlation": "centre correlation"}


def double_descent(sweep: Sweep) -> Figure:
    """A figure of errors, and below of the geometry of test manifolds in the last hidden layer, at the end of training."""
    n, layer = len(sweep.fit()), _last_layer(sweep)
    caption = f"{BAND}; end of training; geometry: true classes of test images in {layer}, P = {sweep.n_classes}"
    figure = sheet(10, 7.6, f"{sweep.world}: double descent over {sweep.field}, mean of {n} networks at each", caption)
    axes = figure.subplots(2, 3, sharex=True)
    _errors(axes[0, 0], sweep, {"test": "report"})
    _errors(axes[0, 1], sweep, dict.fromkeys(sweep.runs[0].trained_groups, ""))
    axes[0, 0].set_ylabel("test error\n(share of images, reported half)")
    axes[0, 1].set_ylabel("training error\n(share of images)")
    for ax, (quantity, words) in zip(axes[1], GEOMETRY.items(), strict=True):
        _geometry(ax, sweep, quantity)
        ax.set_ylabel(f"{words}\n({QUANTITIES[quantity]['unit']})")
    for ax in (*axes[0, :2], *axes[1]):
        value_axis(ax, sweep.values, sweep.field.replace("_", " "))
        ax.tick_params(labelbottom=True)
        _mark_threshold(ax, sweep)
    axes[0, 2].set_axis_off()
    legend_above(figure, axes[0, 0], axes[0, 1], columns=4)
    return figure


def _errors(ax: Axes, sweep: Sweep, groups: dict[str, str]) -> None:
    for group, choice in groups.items():
        values = 1 - sweep.at_end("accuracy", group, choice)
        band(ax, sweep.values, values, COLORS[group], WORDS[group], marker=MARKERS[group], markersize=4)


def _geometry(ax: Axes, sweep: Sweep, quantity: str) -> None:
    values = sweep.at_end(quantity, "test", layer=-1)
    band(ax, sweep.values, values, COLORS["test"], marker=MARKERS["test"], markersize=4)


def _mark_threshold(ax: Axes, sweep: Sweep) -> None:
    try:
        middle = sweep.threshold()
    except NoThreshold:
        return
    ax.axvline(sweep.values[middle], color=GREY, linestyle=":", label="interpolation threshold")


def _last_layer(sweep: Sweep) -> str:
    if not sweep.runs[0].layers:
        raise Untested("no layer was measured in this world")
    return sweep.runs[0].layers[-1]
