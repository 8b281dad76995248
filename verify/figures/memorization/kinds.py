"""The colour, the marker and the words of every kind of data: real data, shares of noise in its place, and random labels."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from empirical.evidence.names import RAND_X, RAND_X_PIXELS, RAND_Y, REAL
from verify.figures.style import band
from verify.judging.verdicts import NotAsked
from verify.measurements.runs import Runs

INPUTS_40, INPUTS_80 = "inputs40", "inputs80"
# Okabe and Ito's palette again, in which noise inputs go from yellow to red.
KIND_COLORS = {
    REAL: "#0072B2",
    INPUTS_40: "#E69F00",
    INPUTS_80: "#8C510A",
    RAND_X: "#D55E00",
    RAND_X_PIXELS: "#CC79A7",
    RAND_Y: "#009E73",
}
KIND_MARKERS = dict(zip(KIND_COLORS, "os^vDP", strict=True))
KIND_WORDS = {
    REAL: "real data",
    INPUTS_40: "40 % noise inputs",
    INPUTS_80: "80 % noise inputs",
    RAND_X: "noise inputs (randX)",
    RAND_X_PIXELS: "noise by pixel (randXpix)",
    RAND_Y: "random labels (randY)",
}


def kind_band(ax: Axes, x: ArrayLike, values: np.ndarray, kind: str, label: str = "", **how) -> None:
    """Draw values (networks, points) of a kind of data, as :func:`verify.figures.style.band` does, in its colour and marker.

    :param label: the words of the kind if empty.
    """
    band(ax, x, values, KIND_COLORS[kind], label or KIND_WORDS[kind], marker=KIND_MARKERS[kind], markersize=4, **how)


def require_real(runs: Runs) -> None:
    """Check that networks were trained on real images and true labels, with which a figure compares noise.

    :raises NotAsked: some images are noise, or some labels are permuted.
    """
    noise, permuted = (float(runs.spec.get(name, 0.0)) for name in ("noise_share", "permuted_fraction"))
    if noise or permuted:
        raise NotAsked(
            f"{runs.world} trains on {noise:.0%} noise and {permuted:.0%} permuted labels, and this figure compares noise with "
            "real data: draw the world of real data"
        )
