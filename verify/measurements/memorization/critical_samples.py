"""Critical sample ratios of a world's networks: at one time, over training, and how much they rise."""

import numpy as np

from empirical.evidence.names import TEST, packed
from verify.measurements.runs import Runs, When
from verify.measurements.series import Series

QUANTITY = "critical_sample_ratio"
# Within the paper's radius, perceptrons have few critical samples, whatever they are trained on.
CONVOLUTIONAL, PERCEPTRON = "0.3", "2"


def radius_of(runs: Runs) -> str:
    """The radius that claims read, in grey levels: 0.3, the paper's, for the convolutional network, and 2 for perceptrons."""
    return CONVOLUTIONAL if runs.spec.get("architecture") == "convnet" else PERCEPTRON


def ratios(runs: Runs, group: str = TEST, radius: str = "", how: str = "") -> Series:
    """The critical sample ratio of held-out images over epochs.

    :param group: "test", or "noise" for networks trained on noise.
    :param radius: in grey levels; that of :func:`radius_of` if empty.
    :param how: another search, "softmax" or "in range"; that along the margin if empty.
    """
    return runs.series(QUANTITY, group, packed(radius or radius_of(runs), how))


def ratio(runs: Runs, when: When, group: str = TEST, radius: str = "", how: str = "") -> np.ndarray:
    """The critical sample ratio at one time, (networks,); parameters as for :func:`ratios` and :meth:`Runs.at`."""
    return runs.at(ratios(runs, group, radius, how), when)


def over_training(runs: Runs, group: str = TEST) -> np.ndarray:
    """The critical sample ratio at the epochs at which all networks were measured, the first of them 0, (networks, epochs).

    :raises Unfit: a network did not fit its labels by the end.
    """
    runs.accuracy(runs.trained_groups[0], "end")
    series = ratios(runs, group)
    return series.complete(series.values[:, np.isin(series.epochs, series.shared_epochs())])


def rise(values: np.ndarray) -> np.ndarray:
    """The last value less the lowest value since the first epoch, network by network, (networks,).

    Which epoch is lowest is chosen on half of the networks and read off the other half, both ways, so that a value that is low
    by chance is no rise. The last epoch cannot be the lowest: values that fall to the end count as a fall.

    :param values: (networks, epochs), the first column at initialization.
    """
    rows, before = np.arange(len(values)), values[:, 1:-1]
    lowest = np.array([before[rows % 2 != half].mean(axis=0).argmin() for half in (0, 1)])
    return values[:, -1] - before[rows, lowest[rows % 2]]
