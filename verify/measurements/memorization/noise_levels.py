"""The step from no noise to the smallest share of noise: a world without noise, and the sweep over noise inputs beside it."""

from typing import cast

from verify.measurements.pairing import paired
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep

INPUT_NOISE = "-input-noise"


def first_step(runs: Runs) -> tuple[Runs, Runs]:
    """The runs without noise, and those with the smallest share of noise inputs, of the networks that both have."""
    # Beside a world of one run there may be a sweep.
    levels = cast(Sweep, runs.beside(INPUT_NOISE))
    without, smallest = paired(runs, levels.runs[0])
    return without, smallest
