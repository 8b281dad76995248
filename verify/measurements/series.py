"""One measured quantity over epochs, one row per network."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from empirical.evidence.names import NETWORK
from verify.judging.verdicts import Broken, Untested


class Key(NamedTuple):
    """The quantity, group, choice and layer of a series; the layer is "network" for the whole network."""

    quantity: str
    group: str
    choice: str = ""
    layer: str = NETWORK


@dataclass(frozen=True)
class Series:
    """Epochs (E,) and values (networks, E), NaN where a network was not measured at an epoch.

    name, networks: the name of the quantity and the numbers of its networks, for messages.
    """

    epochs: np.ndarray
    values: np.ndarray
    name: str = ""
    networks: tuple[int, ...] = ()

    def complete(self, values: np.ndarray | None = None) -> np.ndarray:
        """The values, or the given values that were taken from them, if every network has them.

        :raises Broken: the rows of some networks are missing.
        """
        values = self.values if values is None else values
        gaps = np.isnan(values.reshape(len(values), -1)).any(axis=1)
        if gaps.any():
            raise Broken(
                f"the table has no rows of {self.name} for networks {listed(gaps, self.networks)}; make the bundle again"
            )
        return values

    def shared_epochs(self) -> np.ndarray:
        """The epochs at which every network was measured."""
        return self.epochs[~np.isnan(self.values).any(axis=0)]

    def last(self) -> np.ndarray:
        """The values at the last epoch, (networks,)."""
        return self.complete(self.values[:, -1])

    def index(self, epoch: int | str) -> int:
        """The position of an epoch.

        :raises Untested: the epoch was not measured.
        """
        (found,) = np.nonzero(self.epochs == epoch)
        if not len(found):
            raise Untested(f"epoch {epoch} was not measured; measured epochs: {', '.join(map(str, self.epochs))}")
        return int(found[0])


def series_of(key: Key, cells: dict[tuple[int, int], float], networks: Sequence[int]) -> Series:
    """A series from its cells, (network, epoch) -> value, with one row for each of the networks."""
    epochs = sorted({epoch for _, epoch in cells})
    values = [[cells.get((network, epoch), np.nan) for epoch in epochs] for network in networks]
    return Series(np.array(epochs), np.array(values), name_of(key), tuple(networks))


def name_of(key: Key) -> str:
    """The name of the quantity, for messages."""
    return " / ".join(filter(None, (*key[:3], key.layer.replace(NETWORK, ""))))


def listed(which: ArrayLike, networks: Sequence[int]) -> str:
    """The network numbers of the selected rows, in words; the row numbers where ``networks`` is empty."""
    return ", ".join(str(networks[row] if networks else row) for row in np.flatnonzero(which).tolist())
