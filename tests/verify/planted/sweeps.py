"""Planted errors in the reading of sweeps, and the claim that detects each."""

from collections.abc import Callable
from unittest.mock import patch

import numpy as np

from tests.verify.planted.planted_error import Plant, PlantedError, formula
from verify.measurements.sweeps import Sweep


def method(name: str, wrong: Callable) -> Plant:
    """One of the sweep's methods replaced by a wrong one."""
    return Plant(f"verify.measurements.sweeps.Sweep.{name}", lambda: patch.object(Sweep, name, wrong(getattr(Sweep, name))))


def by_name(right):
    """Values in the order of their folders' names: 1, 12, 16, 2, ..."""
    return lambda folders: sorted(folders, key=lambda folder: folder.name)


def of_group(group):
    """Another group of images for the one asked for."""
    return lambda right: lambda sweep, quantity, _, choice="", layer=None: right(sweep, quantity, group, "", layer)


def where_error_is_largest(right):
    """The place taken from the reported maximum itself, with its neighbours for comparison."""

    def around(sweep, *_):
        middle = int(np.argmin(sweep.at_end("accuracy", "test", "report").mean(axis=0)[1:-1])) + 1
        return middle - 1, middle, middle + 1

    return around


SWEEPS = [
    PlantedError(
        "widths-by-name", "the widths of a sweep in the order of their folders' names, 12 before 2", "S-22",
        formula("verify.worlds.recorded.in_order", by_name),
    ),
    PlantedError(
        "threshold-at-start", "the narrowest width but one taken for the threshold, whatever is fitted", "S-20",
        method("threshold", lambda right: lambda sweep: 1),
    ),
    PlantedError(
        "training-error", "the error of training images for that of test images", "S-20",
        method("at_end", of_group("permuted")),
    ),
    PlantedError(
        "first-layer", "the first layer for the last", "S-21",
        method("at_end", lambda right: lambda sweep, *of, layer=None: right(sweep, *of, layer=layer and 0)),
    ),
]  # fmt: skip

# An error that no number shows, and the world without a peak that does: (name, what is wrong, what turns).
PEAK_LEAKED = (
    "peak-leaked",
    "the peak put where the reported error is largest, and compared with its neighbours",
    "S-20, where every width has one error: SUPPORTED too often",
)
