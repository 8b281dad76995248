"""What the rows of own networks must have in common before they are evidence of one world."""

import hashlib
from collections.abc import Iterable

from empirical.evidence.measurement import Measurement
from empirical.evidence.names import NETWORK

Series = tuple[str, str, str, str]
ACCURACY = "accuracy"


def disagreement(rows: Iterable[Measurement]) -> str:
    """What sets one network apart from the others, and what to do; "" where they can be judged together.

    Every network has the series that others have; accuracies at the same epochs, because turning points are looked for among
    them; and at the last epoch whatever others have there. No two networks have the same numbers.
    """
    networks: dict[int, list[Measurement]] = {}
    for row in rows:
        networks.setdefault(row.network, []).append(row)
    return _unlike(networks) or _copied(networks)


def digest(rows: Iterable[Measurement]) -> str:
    """The digest of a network's values, which stands for that of its weights: no two networks return the same numbers."""
    values = sorted((row.epoch, *_series(row), row.value) for row in rows)
    return hashlib.sha256(repr(values).encode()).hexdigest()


def _unlike(networks: dict[int, list[Measurement]]) -> str:
    epochs = {number: _epochs(rows) for number, rows in networks.items()}
    every: dict[Series, set[int]] = {}
    for found in epochs.values():
        for series, at in found.items():
            every.setdefault(series, set()).update(at)
    end = max((max(at) for series, at in every.items() if series[0] == ACCURACY), default=-1)
    for number, found in sorted(epochs.items()):
        for series, at in sorted(every.items()):
            if series not in found:
                return f"network {number} has no {_words(series)}, which others have; record it, or leave the network out"
            if absent := sorted((at if series[0] == ACCURACY else at & {end}) - found[series]):
                what = f"network {number} has no {_words(series)} at {_named(absent)}, where others have it"
                return f"{what}; record all networks at the same epochs to the last, or leave the network out"
    return ""


def _copied(networks: dict[int, list[Measurement]]) -> str:
    """Which network has the numbers of another."""
    digests: dict[str, int] = {}
    for number, rows in sorted(networks.items()):
        other = digests.setdefault(digest(rows), number)
        if other != number:
            return f"networks {other} and {number} have the same numbers; train each with a seed of its own"
    return ""


def _epochs(rows: Iterable[Measurement]) -> dict[Series, set[int]]:
    found: dict[Series, set[int]] = {}
    for row in rows:
        found.setdefault(_series(row), set()).add(row.epoch)
    return found


def _series(row: Measurement) -> Series:
    return row.quantity, row.group, row.choice, row.layer


def _words(series: Series) -> str:
    quantity, group, choice, layer = series
    return " / ".join(filter(None, (quantity, group, choice, layer if layer != NETWORK else "")))


def _named(epochs: list[int]) -> str:
    more = f" and {len(epochs) - 3} more" if len(epochs) > 3 else ""
    return f"epoch{'' if len(epochs) == 1 else 's'} {', '.join(map(str, epochs[:3]))}{more}"
