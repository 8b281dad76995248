"""The figure of the best test accuracy over widths, at three shares of noise inputs (Arpit et al. 2017, figure 5)."""

from matplotlib.figure import Figure

from empirical.evidence.names import REAL
from verify.figures.memorization.kinds import INPUTS_40, INPUTS_80, KIND_COLORS, kind_band
from verify.figures.style import BAND, legend_above, sheet, value_axis
from verify.measurements.memorization.widths import best_accuracies
from verify.measurements.sweeps import Sweep


def best_accuracy(sweep: Sweep) -> Figure:
    """A figure of test accuracy at the turning point over widths; a ring marks the largest mean of each share of noise.

    :raises EvidenceError: the worlds -inputs40 and -inputs80 are not both there.
    """
    widths, best = best_accuracies(sweep)
    title = f"{sweep.world}: best test accuracy over widths, mean of {len(best)} networks at each"
    caption = f"{BAND}; turning points are chosen on the other half of the test images; rings: the largest mean"
    figure = sheet(8.5, 4.8, title, caption)
    ax = figure.add_subplot()
    for level, kind in enumerate((REAL, INPUTS_40, INPUTS_80)):
        kind_band(ax, widths, best[:, level], kind)
        mean = best[:, level].mean(axis=0)
        ax.plot(widths[mean.argmax()], mean.max(), "o", mfc="none", markersize=11, color=KIND_COLORS[kind])
    value_axis(ax, widths, "width (units of a hidden layer)")
    ax.set_ylabel("test accuracy at the turning point\n(share of images)")
    legend_above(figure, ax, columns=3)
    return figure
