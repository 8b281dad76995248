"""The levels of what a claim reads, so that a change of the measurements is noticed where a contrast hides it."""

from collections.abc import Iterable

import numpy as np

from verify.judging.verdicts import Level
from verify.measurements.runs import Runs
from verify.measurements.series import Series
from verify.measurements.sweeps import Sweep


def levels(runs: Runs | Sweep, quantities: Iterable[str]) -> tuple[Level, ...]:
    """The mean over networks of every quantity of every group, averaged over its layers, choices and epochs.

    A sweep has the levels of its last value.
    """
    if isinstance(runs, Sweep):
        return levels(runs.runs[-1], quantities)
    wanted, of = set(quantities), {}
    for key, series in runs.table.items():
        if key.quantity in wanted:
            of.setdefault((key.quantity, key.group), []).append(series)
    return tuple(_level(f"{quantity} of {group}", rows) for (quantity, group), rows in sorted(of.items()))


def _level(about: str, rows: list[Series]) -> Level:
    means = np.nanmean(np.concatenate([series.values for series in rows], axis=1), axis=1)
    error = float(np.std(means, ddof=1) / np.sqrt(len(means))) if len(means) > 1 else 0.0
    return Level(about, float(means.mean()), error, len(means))
