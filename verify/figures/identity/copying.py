"""The figure of corr_id and corr_const over a sweep, with what the theory of wide networks predicts."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from theory.identity import one_image_outputs
from theory.identity.convolutional_kernels import Convolutions
from verify.figures.identity.picture_table import Which, pictures
from verify.figures.style import BAND, band, legend_above, sheet
from verify.judging.verdicts import EvidenceError
from verify.measurements.identity import by_angle, expected_constant, measured
from verify.measurements.sweeps import Sweep

FAMILIES = ("digits", "mixtures", "noise", "sparse", "discs")
COLORS = {"corr_id": "#117733", "corr_const": "#882255", "corr_images": "#777777"}
WORDS = {"corr_id": "with the test image", "corr_const": "with the training image", "corr_images": "of both images"}
# Deeper kernels of large images take many seconds, and finite networks deviate from them.
DEEPEST = 7


def copying(sweep: Sweep, folder: Path) -> Figure:
    """A figure of cosines by family of test images, and of the prediction where there is one.

    :param folder: the folder of the world, which holds a bundle for each value.
    """
    kinds = [name for name in COLORS if sweep.runs[0].spec["n_images"] == 1 or name == "corr_id"]
    caption = f"{BAND}; dotted: theory of infinitely wide networks"
    figure = sheet(12, 4.2, f"{sweep.world}: cosine of outputs over {sweep.field}", caption)
    axes = figure.subplots(1, len(FAMILIES) + 1, sharey=True)
    for ax, family in zip(axes, FAMILIES, strict=False):
        _lines(ax, sweep, {kind: measured(sweep, kind, family) for kind in kinds})
        ax.set_title(family)
    if len(kinds) > 1:
        _lines(axes[-1], sweep, {kind: by_angle(sweep, kind).mean(axis=2) for kind in kinds})
        axes[-1].set_title("15 to 90 degrees")
    _predicted(axes, sweep, folder)
    axes[0].set_ylabel("cosine of the output")
    legend_above(figure, *axes)
    return figure


def _lines(ax: Axes, sweep: Sweep, values: Mapping[str, np.ndarray]) -> None:
    for kind, one in values.items():
        band(ax, sweep.values, one, COLORS[kind], WORDS[kind], marker="o", markersize=4)
    ax.xaxis.set_major_locator(FixedLocator(list(sweep.values)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel(sweep.field.replace("_", " "))


def _predicted(axes, sweep: Sweep, folder: Path) -> None:
    spec = sweep.runs[0].spec
    if spec["n_images"] > 1 or spec["skip"]:
        return
    if spec["architecture"] == "connected":
        found = [expected_constant(runs.spec).mean() for runs in sweep.runs]
        axes[-1].plot(sweep.values, found, ":", color=COLORS["corr_const"], label="wide networks")
        return
    for kind, values in _channels(sweep, folder).items():
        axes[0].plot(list(values), list(values.values()), ":", color=COLORS[kind], label="many channels, network 0")


def _channels(sweep: Sweep, folder: Path) -> dict[str, dict[Any, float]]:
    """The predicted correlations of network 0 for its digits, by kind and value of the sweep."""
    found: dict[str, dict[Any, float]] = {"corr_id": {}, "corr_const": {}}
    for value, runs in zip(sweep.values, sweep.runs, strict=True):
        spec = runs.spec
        if spec["depth"] > DEEPEST:
            continue
        shown = _of_network_zero(lambda value=value: pictures(folder / f"{sweep.field}-{value}"))
        if not shown:
            continue
        network = Convolutions(
            spec["depth"], spec["kernel"], spec["gain"], 1 / spec["width"], spec["padding"], spec["activation"]
        )
        one = one_image_outputs.correlations(network, shown[0], shown[1:], spec["relative_loss"])
        found["corr_id"][value], found["corr_const"][value] = float(one.identity.mean.mean()), float(one.constant.mean.mean())
    return found


def _of_network_zero(read: Callable[[], Mapping[Which, np.ndarray]]) -> list[np.ndarray]:
    """The training image and the digits that are pictured; none where the bundle has no pictures."""
    try:
        found = read()
    except EvidenceError:
        return []
    return [found[Which("image", "training")], *(image for which, image in found.items() if which[:2] == ("image", "digits"))]
