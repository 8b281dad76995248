"""The figure of a blank image in a convolutional network: what grows from the borders, layer by layer."""

from pathlib import Path

from matplotlib.figure import Figure

from theory.identity.border_growth import receptive_reach
from verify.figures.identity.picture_table import Which, pictures
from verify.figures.identity.reproduced import picture
from verify.figures.style import sheet
from verify.judging.verdicts import NotAsked
from verify.measurements.sweeps import Sweep

MOMENTS = {"at initialization": 0, "after training": 1}


def borders(sweep: Sweep, folder: Path) -> Figure:
    """A figure of every layer of network 0 at the last value, for a blank image, before and after training.

    :param folder: the folder of the world, which holds a bundle for each value.
    :raises NotAsked: the networks have no convolutions.
    """
    spec = sweep.runs[-1].spec
    if spec["architecture"] != "convolutional":
        raise NotAsked(f"{sweep.world} has no convolutions, whose pictures would grow from the borders")
    found, depth = pictures(folder / f"{sweep.field}-{sweep.values[-1]}"), spec["depth"]
    caption = "root mean square over channels, each picture from its darkest to its brightest pixel; r: pixels in reach"
    title = f"{sweep.world}: a blank image, {sweep.field} {sweep.values[-1]}"
    figure = sheet(1.1 * depth + 1, 4.4, title, caption)
    axes = figure.subplots(len(MOMENTS), depth, squeeze=False)
    for row, (words, epoch) in zip(axes, MOMENTS.items(), strict=True):
        row[0].set_ylabel(words)
        for layer, ax in enumerate(row, start=1):
            picture(ax, found[Which("activation", "blank", "", 0, layer, epoch)])
            ax.set_title(f"layer {layer}\nr = {receptive_reach(layer, spec['kernel'])}", fontsize=8)
    return figure
