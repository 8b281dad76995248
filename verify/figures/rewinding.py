"""The figure of rewinding: accuracies of the final network with layers taken from an earlier epoch."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from verify.figures.style import common, sheet
from verify.measurements.runs import Runs

ROWS = (("test", "/report"), ("permuted", ""))
KINDS = {"single": "one layer alone", "suffix": "it and all later ones", "prefix": "it and all earlier ones"}


def rewinding(runs: Runs) -> Figure:
    """A figure of test and permuted accuracy over layers and target epochs, coloured by the change from the final network."""
    layers = (*runs.layers, runs.readout)
    n = len(runs.turning_points())
    caption = "in the cells: accuracy; colour: its change from the final network; test: reported half"
    figure = sheet(15, 1.6 + 0.62 * len(layers), f"{runs.world}: accuracy after rewinding, mean of {n} networks", caption)
    axes = figure.subplots(len(ROWS), len(KINDS), sharex=True, sharey=True)
    for row, (group, half) in zip(axes, ROWS, strict=True):
        final = float(np.mean(runs.series("accuracy", group, half.strip("/")).values[:, -1]))
        maps = [_accuracies(runs, group, f"{kind}{half}", layers) for kind in KINDS]
        reach = max(float(np.abs(accuracies - final).max()) for _, accuracies in maps)
        for ax, kind, (epochs, accuracies) in zip(row, KINDS, maps, strict=True):
            image = _heat_map(ax, accuracies, final, reach)
            ax.set_title(f"{group} accuracy, rewound: {KINDS[kind]}")
            ax.set_xticks(range(len(epochs)), epochs)
            ax.set_yticks(range(len(layers)), layers)
        bar = figure.colorbar(image, ax=list(row), pad=0.01)
        bar.set_label(f"change from {final:.2f}")
    for ax in axes[-1]:
        ax.set_xlabel("epoch rewound to")
    for ax in axes[:, 0]:
        ax.set_ylabel("layer rewound")
    return figure


def _accuracies(runs: Runs, group: str, choice: str, layers) -> tuple[np.ndarray, np.ndarray]:
    """Common target epochs (E,), and accuracies (layers, E), mean over networks."""
    series = [common(runs.series("rewound_accuracy", group, choice, layer)) for layer in layers]
    return series[0].epochs, np.stack([one.values.mean(axis=0) for one in series])


def _heat_map(ax: Axes, accuracies: np.ndarray, final: float, reach: float):
    image = ax.imshow(accuracies - final, cmap="PuOr", vmin=-reach, vmax=reach, aspect="auto", origin="lower")
    for (layer, epoch), accuracy in np.ndenumerate(accuracies):
        dark = abs(accuracy - final) > 0.6 * reach
        ax.text(epoch, layer, f"{accuracy:.2f}", ha="center", va="center", fontsize=7, color="white" if dark else "black")
    ax.spines[:].set_visible(False)
    return image
