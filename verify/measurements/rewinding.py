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

    What is brought back is measured on the images on which rewound networks are measured, and what was lost on all test images.

    :raises NothingLost: a network has no loss to recover.
    """
    names = runs.layers if layers is None else tuple(layers)
    lost = runs.accuracy(TEST, TURNING_POINT) - runs.accuracy(TEST, END)
    return _share(runs, np.mean([_regained(way, kind, names) for way in runs.both_ways], axis=0), lost)


def recoveries(runs: Runs, kind: str, layers: Iterable[str] | None = None) -> list[np.ndarray]:
    """The :func:`recovery` by each way to choose the half alone, (networks, layers) each."""
    names, found = runs.layers if layers is None else tuple(layers), []
    for way in runs.both_ways:
        best, end = (way.reported_accuracy(when) for when in (TURNING_POINT, END))
        found.append(_share(way, _regained(way, kind, names), best - end))
    return found


def best_suffix(runs: Runs, layers: Iterable[str]) -> np.ndarray:
    """The recovery by the layers from one on, rewound together, where network by network the best one is chosen, (networks,).

    The first layer to be rewound and the target epoch are those of the highest accuracy on the selection half.
    """
    names, lost = tuple(layers), runs.accuracy(TEST, TURNING_POINT) - runs.accuracy(TEST, END)
    regained = np.mean([_regained_by_best(way, "suffix", names) for way in runs.both_ways], axis=0)
    return _share(runs, regained[:, None], lost)[:, 0]


def _regained(runs: Runs, kind: str, layers: tuple[str, ...]) -> np.ndarray:
    """The test accuracy that rewinding each layer to its best target adds to that of the final network, (networks, layers)."""
    end = runs.layerwise(QUANTITY, TEST, END, packed(kind, REPORT), layers)
    return _best_one_way(runs, kind, TEST, layers) - end


def _regained_by_best(runs: Runs, kind: str, layers: tuple[str, ...]) -> np.ndarray:
    """The test accuracy added by the layer and target epoch that are best on the selection half, (networks,)."""
    found = [_over_targets(runs, kind, TEST, layer) for layer in layers]
    select, values = (np.concatenate(parts, axis=1) for parts in zip(*found, strict=True))
    best = np.take_along_axis(values, select.argmax(axis=1)[:, None], axis=1)[:, 0]
    return best - runs.layerwise(QUANTITY, TEST, END, packed(kind, REPORT), layers[:1])[:, 0]


def _share(runs: Runs, regained: Accuracies, lost: np.ndarray) -> np.ndarray:
    """Accuracies regained as shares of the accuracy lost, (networks, layers)."""
    if not (lost > 0).all():
        without = listed(lost <= 0, runs.networks)
        raise NothingLost(f"networks {without} lost no test accuracy since their turning point, so that they can recover none")
    return regained / lost[:, None]


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
