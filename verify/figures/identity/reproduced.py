"""The figure of what networks that reproduce one image return for others, in rows of pictures as in the paper."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from verify.figures.identity.picture_table import Which, pictures
from verify.figures.style import sheet
from verify.measurements.sweeps import Sweep

SHOWN = ("training", "digits", "mixtures", "noise", "sparse", "discs", "blank")


def reproduced(sweep: Sweep, folder: Path) -> Figure:
    """A figure of network 0 at each value: its outputs for images of each family, below the images.

    :param folder: the folder of the world, which holds a bundle for each value.
    """
    found = [pictures(folder / f"{sweep.field}-{value}") for value in sweep.values]
    columns = [family for family in SHOWN if Which("image", family) in found[0]]
    caption = "each picture from its darkest to its brightest pixel; outputs of network 0"
    figure = sheet(1.3 * len(columns) + 1, 1.3 * len(found) + 2, f"{sweep.world}: outputs over {sweep.field}", caption)
    axes = figure.subplots(len(found) + 1, len(columns), squeeze=False)
    for column, family in zip(axes.T, columns, strict=True):
        column[0].set_title(family)
        shown = [found[0][Which("image", family)], *(one[Which("output", family)] for one in found)]
        for ax, image in zip(column, shown, strict=True):
            picture(ax, image)
    for ax, words in zip(axes[:, 0], ["image", *(f"{sweep.field} {value}" for value in sweep.values)], strict=True):
        ax.set_ylabel(words)
    return figure


def picture(ax: Axes, image: np.ndarray) -> None:
    """Draw an image in grey, from its darkest to its brightest pixel; one that is constant is grey."""
    flat = np.ptp(image) == 0
    low, high = (image.min() - 1, image.max() + 1) if flat else (image.min(), image.max())
    ax.imshow(image, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
