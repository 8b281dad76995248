"""The figure of accuracies of the four groups over epochs."""

from matplotlib.figure import Figure

from verify.figures.style import BAND, COLORS, GREY, WORDS, band, common, epoch_axis, legend_above, sheet
from verify.measurements.runs import Runs


def accuracies(runs: Runs) -> Figure:
    """A figure of the accuracies of the four groups over epochs, with chance and the turning point of each network."""
    test = common(runs.series("accuracy", "test", "report"))
    figure = sheet(7.5, 4.8, f"{runs.world}: accuracies, mean of {len(test.values)} networks", f"{BAND}; test: reported half")
    ax = figure.add_subplot()
    for group, color in COLORS.items():
        if group == "test" or ("accuracy", group, "", "network") in runs.table:
            series = common(runs.series("accuracy", group, "report" if group == "test" else ""))
            band(ax, series.epochs, series.values, color, WORDS[group])
    turning = runs.accuracy("test", "turning_point")
    ax.plot(runs.turning_points(), turning, "o", mfc="none", color=COLORS["test"], label="turning point of each network")
    ax.axhline(1 / runs.n_classes, color=GREY, linestyle=":", label=f"chance, 1/{runs.n_classes}")
    ax.set(ylim=(0, 1.02), ylabel="accuracy (share of images)")
    epoch_axis(ax, int(test.epochs[-1]))
    legend_above(figure, ax, columns=2)
    return figure
