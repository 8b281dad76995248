"""The figure of linear probes: how well every layer decodes true and permuted labels, compared with the network's output."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from verify.figures.geometry import layers_shown, times_shown, title
from verify.figures.style import BAND, COLORS, GREY, MARKERS, band, legend_above, sheet
from verify.measurements.runs import Runs, When

QUANTITY = "probe_accuracy"
SHOWN = {
    "permuted": ("", "permuted, labels trained on"),
    "restored": ("", "permuted, true labels"),
    "test": ("report", "test, probe of the labels trained on"),
}


def probes(runs: Runs) -> Figure:
    """A figure of probe accuracy over layers at three times, with the network's own accuracy to the right."""
    figure = sheet(10, 4.4, title(runs, "linear probes of the layers"), f"{BAND}; open markers: the network's own output")
    axes = figure.subplots(1, 3, sharey=True)
    for ax, (words, when) in zip(axes, times_shown(runs), strict=True):
        _over_layers(ax, runs, when)
        ax.set_title(words)
    axes[0].set(ylim=(0, 1.02), ylabel="accuracy (share of images)")
    legend_above(figure, axes[0], columns=2)
    return figure


def _over_layers(ax: Axes, runs: Runs, when: When) -> None:
    layers = layers_shown(runs, QUANTITY, "test", "report")
    for group, (choice, words) in SHOWN.items():
        color, marker = COLORS[group], MARKERS[group]
        values = runs.layerwise(QUANTITY, group, when, choice, layers)
        band(ax, range(len(layers)), values, color, words, marker=marker, markersize=4)
        ax.plot(len(layers), runs.accuracy(group, when).mean(), marker, color=color, mfc="none")
    ax.axhline(1 / runs.n_classes, color=GREY, linestyle=":", label=f"chance, 1/{runs.n_classes}")
    places = [*layers, "output"]
    ax.set_xticks(range(len(places)), places, rotation=45, ha="right", rotation_mode="anchor")
