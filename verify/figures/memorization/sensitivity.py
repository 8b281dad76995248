"""Figures of the loss sensitivity of small networks: on how few images, and on which classes, the loss depends.

Arpit et al. 2017, figures 3 and 4.
"""

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from empirical.evidence.names import OWN_CLASSES, RAND_X, RAND_Y, REAL, UNPERMUTED, packed
from empirical.evidence.quantities import QUANTITIES
from verify.figures.memorization.kinds import KIND_WORDS, kind_band
from verify.figures.memorization.panels import draw_panels
from verify.figures.style import BAND, common, legend_above, sheet
from verify.measurements.memorization.small_networks import class_matrices
from verify.measurements.runs import Runs

GINI = "sensitivity_gini"
SHOWN = (REAL, RAND_X, RAND_Y)


def sensitivity(runs: Runs) -> Figure:
    """A figure of the Gini coefficient of loss sensitivities over epochs, with few classes and with a class for each image.

    The panel of a class for each image is left out where it was not measured.
    """
    n = len(runs.series(GINI, UNPERMUTED, REAL).values)
    caption = f"{BAND}; averaged from the end of the first epoch to the epoch shown; claims compare network by network"
    figure = sheet(10, 4.6, f"{runs.world}: on how few images the loss depends, mean of {n} networks", caption)
    axes = figure.subplots(1, 2, sharey=True)
    own = partial(_gini, runs=runs, choices={kind: packed(kind, OWN_CLASSES) for kind in (REAL, RAND_X)})
    classes = partial(_gini, runs=runs, choices={kind: kind for kind in SHOWN})
    draw_panels(axes, {f"{runs.n_classes} classes": classes, "a class of its own for each image": own})
    axes[0].set_ylabel("Gini coefficient of loss sensitivities")
    legend_above(figure, *axes, columns=3)
    return figure


def _gini(ax: Axes, runs: Runs, choices: dict[str, str]) -> None:
    curves = {kind: common(runs.series(GINI, UNPERMUTED, choice)) for kind, choice in choices.items()}
    for kind, series in curves.items():
        kind_band(ax, series.epochs, series.values, kind)
        ax.set_xticks(series.epochs)
    ax.set_xlabel("epoch")


def class_sensitivity(runs: Runs) -> Figure:
    """A figure of how much the loss on each class depends on the images of each class, for three kinds of data on one scale."""
    epochs, matrices = zip(*(class_matrices(runs, kind) for kind in SHOWN), strict=True)
    means = [each.mean(axis=0) for each in matrices]
    title = f"{runs.world}: sensitivity of the loss on one class to images of another, mean of {len(matrices[0])} networks"
    figure = sheet(11, 4.6, title, f"after epoch {epochs[0]}; one scale of colours; errors over networks are not shown")
    axes, ends = figure.subplots(1, len(SHOWN), sharey=True), {"vmin": 0.0, "vmax": float(np.max(means))}
    for ax, kind, mean in zip(axes, SHOWN, means, strict=True):
        image = ax.imshow(mean, cmap="viridis", **ends)
        ax.set(title=KIND_WORDS[kind], xlabel="class of the images", xticks=range(len(mean)), yticks=range(len(mean)))
    axes[0].set_ylabel("class of the loss")
    figure.colorbar(image, ax=list(axes), pad=0.01).set_label(QUANTITIES["class_sensitivity"]["unit"])
    return figure
