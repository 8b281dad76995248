"""Rewinding in the words of claims: the target epoch is chosen on one half of the test images, and judged on the other half.

Every number is the mean over both ways to choose the half.
"""

from collections.abc import Iterable

import numpy as np

from empirical.evidence.names import END, REPORT, TEST, TURNING_POINT, packed
from verify.judging.verdicts import EvidenceError, Status
from verify.measurements.runs import Runs, When
from verify.measurements.series import listed

QUANTITY = "rewound_accuracy"
Accuracies = np.ndarray  # (networks, layers)


class NothingLost(EvidenceError):
    """A network lost no test accuracy, so that its recovery is undefined."""

    status = Status.INCONCLUSIVE


def rewound(runs: Runs, kind: str, group: str, when: When, layers: Iterable[str] | None = None) -> Accuracies:
    """Accuracy of a group after rewinding to one time, by layer, (networks, layers).

    :param kind: "single" rewinds the layer alone, "suffix" also all later layers, "prefix" also all earlier layers.
    :param layers: all hidden layers if None.
    """
    names = None if layers is None else tuple(layers)
    return np.mean(
        [way.layerwise(QUANTITY, group, when, _choice(kind, group), names) for way in _ways(runs, group, when)], axis=0
    )


def best_rewound(runs: Runs, kind: str, group: str, layers: Iterable[str] | None = None) -> Accuracies:
    """Accuracy of a group after rewinding to the best target epoch, by layer, (networks, layers).

    The best target is the epoch at which accuracy on the selection half of the test images is highest; the earliest of ties. It
    is chosen for each network and layer, among the epochs before the last to which all networks were rewound.
    """
    names = runs.layers if layers is None else tuple(layers)
    return np.mean([_best_one_way(way, kind, group, names) for way in runs.both_ways], axis=0)


def recovery(runs: Runs, kind: str, layers: Iterable[str] | None = None) -> np.ndarray:
    """The share of the test accuracy lost since the turning point that the best rewinding brings back, (networks, layers).

    :raises NothingLost: a network has no loss to recover.
    """
    best, end = (runs.accuracy(TEST, when) for when in (TURNING_POINT, END))
    return _share(runs, best_rewound(runs, kind, TEST, layers), best, end)


def recoveries(runs: Runs, kind: str, layers: Iterable[str] | None = None) -> list[np.ndarray]:
    """The :func:`recovery` by each way to choose the half alone, (networks, layers) each."""
    names, found = runs.layers if layers is None else tuple(layers), []
    for way in runs.both_ways:
        best, end = (way.at(way.series("accuracy", TEST, REPORT), when) for when in (TURNING_POINT, END))
        found.append(_share(way, _best_one_way(way, kind, TEST, names), best, end))
    return found


def best_suffix(runs: Runs, layers: Iterable[str]) -> np.ndarray:
    """The recovery by the layers from one on, rewound together, where network by network the best one is chosen, (networks,).

    The first layer to be rewound and the target epoch are those of the highest accuracy on the selection half.
    """
    names, best, end = tuple(layers), runs.accuracy(TEST, TURNING_POINT), runs.accuracy(TEST, END)
    ways = [_best_of_all(way, "suffix", names) for way in runs.both_ways]
    return _share(runs, np.mean(ways, axis=0)[:, None], best, end)[:, 0]


def _best_of_all(runs: Runs, kind: str, layers: tuple[str, ...]) -> np.ndarray:
    """The reported accuracy at the layer and target epoch that are best on the selection half, (networks,)."""
    found = [_over_targets(runs, kind, TEST, layer) for layer in layers]
    select, values = (np.concatenate(parts, axis=1) for parts in zip(*found, strict=True))
    return np.take_along_axis(values, select.argmax(axis=1)[:, None], axis=1)[:, 0]


def _share(runs: Runs, found: Accuracies, best: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Accuracies as shares of the way from the end to the turning point, (networks, layers)."""
    if not (best > end).all():
        without = listed(best <= end, runs.networks)
        raise NothingLost(f"networks {without} lost no test accuracy since their turning point, so that they can recover none")
    return (found - end[:, None]) / (best - end)[:, None]


def _best_one_way(runs: Runs, kind: str, group: str, layers: Iterable[str]) -> Accuracies:
    columns = []
    for layer in layers:
        select, values = _over_targets(runs, kind, group, layer)
        columns.append(np.take_along_axis(values, select.argmax(axis=1)[:, None], axis=1)[:, 0])
    return np.stack(columns, axis=1)


def _over_targets(runs: Runs, kind: str, group: str, layer: str) -> tuple[np.ndarray, np.ndarray]:
    """Accuracies on the selection half, and of a group, at every target epoch, (networks, targets) each."""
    chosen = runs.series(QUANTITY, TEST, packed(kind, runs.selection), layer)
    targets = chosen.epochs[:-1][~np.isnan(chosen.values[:, :-1]).any(axis=0)]
    series = runs.series(QUANTITY, group, _choice(kind, group), layer)
    select, values = (np.stack([runs.at(one, epoch) for epoch in targets], axis=1) for one in (chosen, series))
    return select, values


def _ways(runs: Runs, group: str, when: When) -> tuple[Runs, ...]:
    """Both ways where test images are measured, except at the turning point: networks are rewound to that of one half alone."""
    return runs.both_ways if group == TEST and not (isinstance(when, str) and when == TURNING_POINT) else (runs,)


def _choice(kind: str, group: str) -> str:
    return packed(kind, REPORT) if group == TEST else kind
