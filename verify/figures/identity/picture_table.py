"""The pictures in a bundle of networks that reproduce images: test images, outputs and activations of network 0."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from verify.figures.outputs_file import rows_of

COLUMNS = ("what", "family", "choice", "number", "layer", "epoch", "pixels")


class Which(NamedTuple):
    """Which picture: what, family, choice, number, layer, epoch, as in :class:`empirical.identity.pictures.Picture`."""

    what: str
    family: str
    choice: str = ""
    number: int = 0
    layer: int = 0
    epoch: int = 1


def pictures(folder: Path) -> dict[Which, np.ndarray]:
    """The pictures of a bundle, each (side, side).

    :raises Untested: the bundle has none.
    :raises Broken: they are not those that the manifest names.
    """
    return {
        Which(row[0], row[1], row[2], int(row[3]), int(row[4]), int(row[5])): _square(row[6])
        for row in rows_of(folder, COLUMNS)
    }


def _square(text: str) -> np.ndarray:
    pixels = np.array(text.split(), dtype=float)
    side = round(np.sqrt(len(pixels)))
    return pixels.reshape(side, side)
