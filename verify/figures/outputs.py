"""The figure of one network's outputs in two dimensions, as in the blog post of the paper."""

from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from verify.figures.outputs_file import rows_of
from verify.figures.style import MUTED, sheet
from verify.judging.verdicts import Untested
from verify.measurements.runs import Runs

COLUMNS = ("epoch", "image", "true", "trained", "permuted", "x", "y")
# Panels from top to bottom: which images, coloured by which label.
ROWS = (
    ("unpermuted images,\ntrue label", 0, "true"),
    ("permuted images,\nlabel trained on", 1, "trained"),
    ("permuted images,\ntrue label (restored)", 1, "true"),
)


def outputs(runs: Runs, folder: Path) -> Figure:
    """A figure of three groups of images at three epochs; each image is at the place where t-SNE put its logits.

    :param folder: the folder of the bundle.
    :raises Untested: the bundle has no outputs, or not those of a training.
    :raises Broken: the outputs are not those that the manifest names.
    """
    points = _read(folder)
    if not len(points):
        raise Untested(f"the networks of {runs.world} were not trained, so that there is no training to show")
    caption = "t-SNE of the logits, each epoch by itself: neighbourhoods mean something, distances and axes do not"
    figure = sheet(10, 10.4, f"{runs.world}: outputs of one network, each image in the colour of its label", caption)
    epochs = np.unique(points["epoch"])
    axes = figure.subplots(len(ROWS), len(epochs), squeeze=False)
    for column, epoch in zip(axes.T, epochs, strict=True):
        column[0].set_title(_words(int(epoch), epochs))
        for ax, (_, permuted, label) in zip(column, ROWS, strict=True):
            shown = points[(points["epoch"] == epoch) & (points["permuted"] == permuted)]
            _scatter(ax, shown, shown[label], runs.n_classes)
    for ax, (words, _, _) in zip(axes[:, 0], ROWS, strict=True):
        ax.set_ylabel(words)
    return figure


def _read(folder: Path) -> np.ndarray:
    """The rows as a record array with the fields of COLUMNS."""
    rows = rows_of(folder, COLUMNS)
    return np.array([tuple(map(float, row)) for row in rows], dtype=[(name, float) for name in COLUMNS])


def _scatter(ax: Axes, points: np.ndarray, labels: np.ndarray, n_classes: int) -> None:
    for label in range(n_classes):
        of_label = points[labels == label]
        color = MUTED[label] if n_classes <= len(MUTED) else colormaps["turbo"](label / (n_classes - 1))
        marker = f"${label}$" if n_classes <= len(MUTED) else "."
        ax.scatter(of_label["x"], of_label["y"], s=26, marker=marker, color=color, linewidths=0)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(True)


def _words(epoch: int, epochs: np.ndarray) -> str:
    if epoch == 0:
        return "initialization"
    return f"{'end' if epoch == epochs[-1] else 'turning point'} (epoch {epoch})"
