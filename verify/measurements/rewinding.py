"""Rewinding in the words of claims: the target epoch is chosen on one half of the test images, and judged on the other half."""

from collections.abc import Iterable

import numpy as np

from empirical.evidence.names import END, REPORT, TEST, TURNING_POINT, packed
from verify.judging.verdicts import EvidenceError, Status
from verify.measurements.runs import Runs, When
from verify.measurements.series import listed

QUANTITY = "rewound_accuracy"


class NothingLost(EvidenceError):
    """A network lost no test accuracy, so that its recovery is undefined."""

    status = Status.INCONCLUSIVE


def rewound(runs: Runs, kind: str, group: str, when: When, layers: Iterable[str] | None = None) -> np.ndarray:
    """Accuracy of a group after rewinding to one time, by layer, (networks, layers).

    :param kind: "single" rewinds the layer alone, "suffix" also all later layers, "prefix" also all earlier layers.
    :param layers: all hidden layers if None.
    """
    return runs.layerwise(QUANTITY, group, when, _choice(kind, group), layers)


def best_rewound(runs: Runs, kind: str, group: str, layers: Iterable[str] | None = None) -> np.ndarray:
    """Accuracy of a group after rewinding to the best target epoch, by layer, (networks, layers).

    The best target is the epoch at which accuracy on the selection half of the test images is highest; the earliest of ties. It
    is chosen for each network and layer, among the epochs before the last to which all networks were rewound.
    """
    names = runs.layers if layers is None else tuple(layers)
    columns = []
    for layer in names:
        chosen = runs.series(QUANTITY, TEST, packed(kind, runs.selection), layer)
        targets = chosen.epochs[:-1][~np.isnan(chosen.values[:, :-1]).any(axis=0)]
        select = np.stack([runs.at(chosen, epoch) for epoch in targets], axis=1)
        series = runs.series(QUANTITY, group, _choice(kind, group), layer)
        values = np.stack([runs.at(series, epoch) for epoch in targets], axis=1)
        columns.append(np.take_along_axis(values, select.argmax(axis=1)[:, None], axis=1)[:, 0])
    return np.stack(columns, axis=1)


def recovery(runs: Runs, kind: str, layers: Iterable[str] | None = None) -> np.ndarray:
    """The share of the test accuracy lost since the turning point that the best rewinding brings back, (networks, layers).

    :raises NothingLost: a network has no loss to recover.
    """
    best, end = (runs.accuracy(TEST, when)[:, None] for when in (TURNING_POINT, END))
    if not (best > end).all():
        without = listed((best <= end)[:, 0], runs.networks)
        raise NothingLost(f"networks {without} lost no test accuracy since their turning point, so that they can recover none")
    return (best_rewound(runs, kind, TEST, layers) - end) / (best - end)


def _choice(kind: str, group: str) -> str:
    return packed(kind, REPORT) if group == TEST else kind
