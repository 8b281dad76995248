"""The time to a loss level: the number of updates until the training loss of a network is a tenth of the loss of chance.

The loss is the mean cross-entropy of the labels trained on, measured at checkpoints. Its level is a tenth of ln C. An example
that is not recognized has a cross-entropy of ln 2 or more, so that at most a third of ten classes' examples is wrong at the
level; of most networks it is much less. The level is not a training accuracy of 1, because that depends on the last example.

Between two checkpoints the loss is interpolated as a power of time. A network that reaches the level within its first epoch, or
not at all, has no time. A comparison is made at the values of a sweep at which every network of every world has one.
"""

from dataclasses import dataclass

import numpy as np

from verify.judging.verdicts import EvidenceError, Status
from verify.measurements.pairing import paired_sweeps
from verify.measurements.runs import Runs
from verify.measurements.series import listed
from verify.measurements.sweeps import Sweep

LEVEL = 0.1
# Fewer values, or nearer ones, do not show how time changes with the field.
FEWEST_VALUES = 3
NARROWEST_RANGE = 4
# In place of the time of a network that has none.
UNTIMED = {np.inf: "never reach the level", 0.0: "reach the level in their first epoch"}
# Smaller losses in single precision are rounding.
SMALLEST = 1e-9


class NotTimed(EvidenceError):
    """Too few values of a sweep have a time to the loss level in every network."""

    status = Status.INCONCLUSIVE


@dataclass(frozen=True)
class Times:
    """Times to the loss level of paired sweeps.

    values: of the swept field, (values,), those at which every network of every sweep has a time.
    logs: the natural logarithm of the number of updates, (networks, values), for each sweep.
    left_out: which values were left out and why, in words; "" where none was.
    """

    values: np.ndarray
    logs: tuple[np.ndarray, ...]
    left_out: str

    def exponents(self) -> list[np.ndarray]:
        """The least-squares slope of log time over the log of the swept field, (networks,), for each sweep."""
        return [exponents(logs, self.values) for logs in self.logs]


def times_to_loss(*sweeps: Sweep) -> Times:
    """The times of sweeps over one field, paired network by network.

    :raises NotTimed: fewer than three values have a time in every network, or the largest is not four times the smallest.
    """
    sweeps = tuple(paired_sweeps(*sweeps))
    updates = np.stack([sweep.stack(updates_to_loss) for sweep in sweeps])
    timed = (np.isfinite(updates) & (updates > 0)).all(axis=(0, 1))
    values, words = np.array(sweeps[0].values, dtype=float), _left_out(sweeps, updates)
    if timed.sum() < FEWEST_VALUES or values[timed].max() < NARROWEST_RANGE * values[timed].min():
        raise NotTimed(
            f"{FEWEST_VALUES} values of {sweeps[0].field} must have a time to the loss level in every network, the largest "
            f"{NARROWEST_RANGE} times the smallest or more: {words or 'the sweep has too few values'}"
        )
    return Times(values[timed], tuple(np.log(updates[..., timed])), words)


def updates_to_loss(runs: Runs) -> np.ndarray:
    """The number of updates until the training loss first is at the level, interpolated, (networks,).

    It is 0 where a network is there by the end of its first epoch, and infinity where it never is.

    :raises NotAsked: the networks are trained on two kinds of labels.
    """
    series = runs.series("loss", runs.trained_group)
    level = LEVEL * np.log(runs.n_classes)
    return runs.updates_per_epoch * np.array([_epochs_to(level, series.epochs, losses) for losses in series.complete()])


def exponents(logs: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The least-squares slope of logarithms, (networks, values), over the logarithm of the values, (networks,)."""
    steps = np.log(values) - np.log(values).mean()
    return logs @ steps / (steps @ steps)


def _epochs_to(level: float, epochs: np.ndarray, losses: np.ndarray) -> float:
    reached = np.flatnonzero(losses <= level)
    if not len(reached):
        return float(np.inf)
    after = reached[0]
    if after == 0 or epochs[after - 1] < 1:
        return 0.0
    before, at = (np.log(np.maximum(losses[i], SMALLEST)) for i in (after - 1, after))
    share = (before - np.log(level)) / (before - at)
    return float(epochs[after - 1] * (epochs[after] / epochs[after - 1]) ** share)


def _left_out(sweeps: tuple[Sweep, ...], updates: np.ndarray) -> str:
    """Which networks have no time at which values, in words; updates (sweeps, networks, values)."""
    return "; ".join(
        f"networks {listed(column == mark, runs.networks)} of {runs.world} {what}"
        for sweep, own in zip(sweeps, updates, strict=True)
        for runs, column in zip(sweep.runs, own.T, strict=True)
        for mark, what in UNTIMED.items()
        if (column == mark).any()
    )
