"""Figures of what regularizers do to networks on true and on random labels (Arpit et al. 2017, figures 10 and 11)."""

from collections.abc import Callable
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from verify.figures.memorization.panels import draw_panels
from verify.figures.style import BAND, GREY, MUTED, band, epoch_axis, half_width, legend_above, sheet
from verify.measurements.memorization.regularizers import NONE, Regularized, training_accuracy
from verify.measurements.pairing import paired
from verify.measurements.sweeps import Sweep

RANDOM = "-randY"
MARKERS = "osDv^<>Pp"
SIZES = (3.5, 5.5, 7.5, 9.5)


def regularizers(sweep: Sweep) -> Figure:
    """A figure of test accuracy on true labels over training accuracy on random labels, a curve for each kind of regularizer.

    The panels are of the two budgets of epochs that claims read the random labels at.

    :raises EvidenceError: there is no world -randY beside the sweep.
    """
    compared = _compared(sweep)
    n = len(compared.true.runs[0].networks)
    title = f"{sweep.world}: each kind of regularizer over its strengths, mean of {n} networks at each"
    caption = "bars: 95 % t interval over networks; larger markers: stronger; true labels: at the turning point"
    figure = sheet(12, 6.2, title, caption)
    axes = figure.subplots(1, 2, sharey=True)
    panels = {"when networks without regularizer have fitted": compared.early_budget, "at the end": compared.late_budget}
    draw_panels(axes, {words: partial(_at_budget, compared=compared, budget=budget) for words, budget in panels.items()})
    axes[0].set_ylabel("test accuracy on true labels (share of images)")
    legend_above(figure, *axes, columns=4)
    return figure


def regularizer_curves(sweep: Sweep) -> Figure:
    """A figure of training accuracy over epochs on true and on random labels, a curve for each kind of regularizer.

    The curve of a kind is the mean over its strengths, whose speeds a claim orders.
    """
    compared = _compared(sweep)
    n = len(compared.true.runs[0].networks)
    title = f"{sweep.world}: training under regularizers, mean of {n} networks"
    figure = sheet(12, 5.6, title, f"{BAND}; mean over the strengths of each kind; regularizers are off while it is measured")
    axes = figure.subplots(1, 2, sharey=True)
    for ax, words, one in zip(axes, ("true labels", "random labels"), (compared.true, compared.random), strict=True):
        _curves(ax, compared, one)
        ax.set_title(words)
    axes[0].set(ylim=(0, 1.02), ylabel="training accuracy (share of images)")
    legend_above(figure, axes[0], columns=4)
    return figure


def _compared(sweep: Sweep) -> Regularized:
    return Regularized.of(sweep, sweep.beside(RANDOM))


def _at_budget(ax: Axes, compared: Regularized, budget: Callable[[], int]) -> None:
    epoch = budget()
    fitted, tested = compared.on_random(epoch), compared.on_true()
    for place, (name, own) in enumerate(_kinds(compared).items()):
        color, marker = _look(place)
        x, y = fitted[:, own], tested[:, own]
        ax.plot(x.mean(axis=0), y.mean(axis=0), color=color, linewidth=1)
        for strength, column in enumerate(zip(x.T, y.T, strict=True)):
            _point(ax, column, color, marker, SIZES[min(strength, len(SIZES) - 1)], "" if strength else name)
    plain = compared.true.values.index(NONE)
    ax.axhline(tested[:, plain].mean(), color=GREY, linestyle=":", linewidth=1)
    ax.set_xlabel(f"training accuracy on random labels, epoch {epoch} (share of images)")


def _point(ax: Axes, columns: tuple[np.ndarray, np.ndarray], color, marker: str, size: float, label: str) -> None:
    (x, dx), (y, dy) = ((values.mean(), half_width(values)) for values in columns)
    ax.errorbar(x, y, dy, dx, color=color, marker=marker, markersize=size, linewidth=0.7, label=label or "_")


def _curves(ax: Axes, compared: Regularized, sweep: Sweep) -> None:
    for place, (name, own) in enumerate(_kinds(compared).items()):
        color, marker = _look(place)
        curves = [training_accuracy(runs) for runs in paired(*(sweep.runs[index] for index in own))]
        values = np.mean([curve.complete() for curve in curves], axis=0)
        band(ax, curves[0].epochs, values, color, name, marker=marker, markersize=4, markevery=0.07)
    epoch_axis(ax, int(training_accuracy(sweep.runs[0]).epochs[-1]))


def _kinds(compared: Regularized) -> dict[str, list[int]]:
    """The places of the values of each kind of regularizer, weakest first; networks without one come first."""
    places: dict[str, list[int]] = {NONE: []}
    for place, names in enumerate(compared.names):
        places.setdefault(" + ".join(names).replace("_", " ") or NONE, []).append(place)
    return places


def _look(place: int) -> tuple[str, str]:
    """The colour and the marker of a kind of regularizer; networks without one are black."""
    return ("black", "*") if not place else (MUTED[(place - 1) % (len(MUTED) - 1)], MARKERS[(place - 1) % len(MARKERS)])
