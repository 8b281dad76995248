"""The pictures in a bundle of networks that reproduce images: test images, outputs and activations of network 0."""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from empirical.evidence.bundle import MANIFEST
from empirical.runs.folders import OUTPUTS
from verify.judging.verdicts import Broken, Untested

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
    try:
        content = (folder / OUTPUTS).read_bytes()
        written = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("outputs_sha256")
    except OSError as error:
        raise Untested(f"{folder} has no {OUTPUTS}: {error.strerror}") from error
    if written != hashlib.sha256(content).hexdigest():
        raise Broken(f"{folder / OUTPUTS} is not the file its manifest names; delete the folder and make the bundle again")
    rows = list(csv.reader(io.StringIO(content.decode())))
    if tuple(rows[0]) != COLUMNS:
        raise Broken(f"{folder / OUTPUTS} has columns {rows[0]}, not {list(COLUMNS)}; make the bundle again")
    return {Which(row[0], row[1], row[2], int(row[3]), int(row[4]), int(row[5])): _square(row[6]) for row in rows[1:]}


def _square(text: str) -> np.ndarray:
    pixels = np.array(text.split(), dtype=float)
    side = round(np.sqrt(len(pixels)))
    return pixels.reshape(side, side)
