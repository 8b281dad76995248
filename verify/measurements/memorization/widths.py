"""The best test accuracy over widths: a sweep on real images, and the sweeps with 40 and 80 % noise inputs beside it."""

import numpy as np

from empirical.evidence.names import TEST, TURNING_POINT
from verify.measurements.pairing import paired_sweeps
from verify.measurements.sweeps import Sweep

LEVELS = ("-inputs40", "-inputs80")


def best_accuracies(sweep: Sweep) -> tuple[np.ndarray, np.ndarray]:
    """The widths, (widths,), and test accuracy at the turning point at each level of noise, (networks, levels, widths)."""
    worlds = paired_sweeps(sweep, *map(sweep.beside, LEVELS))
    best = [world.stack(lambda runs: runs.accuracy(TEST, TURNING_POINT)) for world in worlds]
    return np.array(worlds[0].values), np.stack(best, axis=1)
