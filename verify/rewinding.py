"""Rewinding in the words of claims: the epoch is chosen on one half of the test images, and judged on the other."""

from collections.abc import Iterable

import numpy as np

from verify.runs import Runs, When
from verify.series import Series

QUANTITY = "rewound_accuracy"


def rewound(runs: Runs, kind: str, group: str, when: When, layers: Iterable[str] | None = None) -> np.ndarray:
    """Accuracy of a group after rewinding to one time, by layer: (networks, layers); all hidden layers unless named.

    :param kind: "single", that layer alone; "suffix" or "prefix", it and all later or earlier ones.
    """
    return runs.layerwise(QUANTITY, group, when, _choice(kind, group), layers)


def best_rewound(runs: Runs, kind: str, group: str, layers: Iterable[str] | None = None) -> np.ndarray:
    """The same at the best target: the epoch at which the selection half of the test images is recognized best.

    Targets are the epochs that all networks were rewound to, before the last. The target is chosen for each network and
    layer; of ties, the earliest.
    """
    names = runs.layers if layers is None else tuple(layers)
    columns = []
    for layer in names:
        select, values = (
            _common(runs.series(QUANTITY, which, choice, layer))
            for which, choice in (("test", f"{kind}/{runs.selection}"), (group, _choice(kind, group)))
        )
        columns.append(np.take_along_axis(values, select.argmax(axis=1)[:, None], axis=1)[:, 0])
    return np.stack(columns, axis=1)


def recovery(runs: Runs, kind: str, layers: Iterable[str] | None = None) -> np.ndarray:
    """The share of the test accuracy lost since the turning point that the best rewinding brings back: (networks, layers)."""
    best, end = (runs.accuracy("test", when)[:, None] for when in ("turning_point", "end"))
    return (best_rewound(runs, kind, "test", layers) - end) / (best - end)


def _choice(kind: str, group: str) -> str:
    return f"{kind}/report" if group == "test" else kind


def _common(series: Series) -> np.ndarray:
    """The values at the epochs at which every network was measured."""
    return series.values[:, ~np.isnan(series.values).any(axis=0)]
