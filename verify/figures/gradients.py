"""The figure of gradients of unpermuted and permuted examples over epochs."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from empirical.evidence.quantities import QUANTITIES
from verify.figures.style import BAND, COLORS, GREY, band, common, depth_colors, epoch_axis, legend_above, sheet
from verify.measurements.runs import Runs

MODES = {"standard": "evaluation mode", "batch_statistics": "batch statistics, as in training"}
GROUPS = {"unpermuted": "unpermuted", "permuted_all": "permuted"}
PARTS = {"": "-", "label_independent": "--", "label_dependent": ":"}
PAIR = "unpermuted+permuted_all"


def gradients(runs: Runs) -> Figure:
    """A figure of gradient norms, their log ratio, cosines between the groups, and minibatch alignment within each group."""
    n = len(runs.turning_points())
    caption = f"{BAND}; permuted: with the coincidences; norms and cosines over all parameters; the columns differ by BatchNorm"
    figure = sheet(10, 12, f"{runs.world}: gradients of the two groups, mean of {n} networks", caption)
    axes = figure.subplots(4, 2, sharey="row")
    for column, mode in zip(axes.T, MODES, strict=True):
        column[0].set_title(MODES[mode])
        _norms(column[0], runs, mode)
        _ratios(column[1], runs, mode)
        _cosines(column[2], runs, mode)
    _alignments(axes[3, 1], runs)
    for ax in (*axes[:3].flat, axes[3, 1]):
        epoch_axis(ax, int(runs.series("accuracy", "test", "report").epochs[-1]))
    _name_rows(axes)
    legend_above(figure, axes[0, 0], columns=3)
    return figure


def _norms(ax: Axes, runs: Runs, mode: str) -> None:
    for part, style in PARTS.items():
        for group, words in GROUPS.items():
            series = common(runs.series(_name("gradient_norm", part), group, mode))
            label = f"{words}, {part.replace('_', '-')} part" if part else words
            band(ax, series.epochs, series.values, COLORS[words], label, linestyle=style)
    ax.set_yscale("log")


def _ratios(ax: Axes, runs: Runs, mode: str) -> None:
    for layer, color in zip(runs.layers, depth_colors(len(runs.layers)), strict=True):
        unpermuted, permuted = (common(runs.series("gradient_norm", group, mode, layer)) for group in GROUPS)
        band(ax, unpermuted.epochs, np.log(unpermuted.values / permuted.values), color, layer)
    ax.axhline(0, color=GREY, linewidth=0.8)


def _cosines(ax: Axes, runs: Runs, mode: str) -> None:
    for part, style in PARTS.items():
        series = common(runs.series(_name("gradient_cosine", part), PAIR, mode))
        band(ax, series.epochs, series.values, "black", linestyle=style)
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.set_ylim(top=1.05)


def _alignments(ax: Axes, runs: Runs) -> None:
    for group, words in GROUPS.items():
        series = common(runs.series("minibatch_alignment", group, "batch_statistics"))
        band(ax, series.epochs, series.values, COLORS[words])
    ax.axhline(0, color=GREY, linewidth=0.8)


def _name_rows(axes: np.ndarray) -> None:
    """Labels of the rows; the empty panel holds the legend of the layers."""
    axes[0, 0].set_ylabel(f"norm ({QUANTITIES['gradient_norm']['unit']})")
    axes[1, 0].set_ylabel("log(unpermuted / permuted),\nlayer by layer")
    axes[2, 0].set_ylabel("cosine between the groups\n(parts dashed and dotted)")
    axes[3, 1].set_ylabel("cosine between minibatches\nof one group")
    axes[3, 1].tick_params(labelleft=True)
    axes[3, 0].set_axis_off()
    handles, labels = axes[1, 0].get_legend_handles_labels()
    axes[3, 0].legend(handles, labels, loc="upper left", title="second row: layers", ncols=2)


def _name(quantity: str, part: str) -> str:
    return f"{quantity}_{part}" if part else quantity
