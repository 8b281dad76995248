"""The runs of a sweep in the words of claims.

Networks of one number have the same images and labels at every value, unless the field itself changes them, so that values are
compared in pairs.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from empirical.evidence.names import NETWORK
from verify.judging.verdicts import Broken, EvidenceError, Status
from verify.measurements.runs import Runs, nothing_beside

NUMBER = re.compile(r"(\d+(?:\.\d+)?(?:e[+-]?\d+)?)")


class NoThreshold(EvidenceError):
    """The sweep does not extend far enough on both sides of the interpolation threshold."""

    status = Status.INCONCLUSIVE


@dataclass(frozen=True)
class Sweep:
    """The measured networks of a world at every value of one field.

    field: the field that is swept.
    values: its values: numbers ascending, words as in :func:`in_order`.
    runs: the runs at each value.
    beside: a function from a suffix, such as "-randY", to the world whose name is this name and the suffix.
    """

    world: str
    field: str
    values: tuple
    runs: tuple[Runs, ...]
    beside: Callable[[str], "Sweep"] = nothing_beside

    @classmethod
    def of(cls, world: str, field: str, runs: Sequence[Runs], manifests: Sequence[dict]) -> "Sweep":
        """A sweep of bundles whose runs differ in one field.

        :raises Broken: the runs differ in other fields too.
        """
        rest = [{k: v for k, v in manifest["spec"].items() if k not in (field, "name")} for manifest in manifests]
        others = sorted({key for one in rest for key in one if one.get(key) != rest[0].get(key)})
        if others:
            raise Broken(
                f"the bundles of {world} differ in {', '.join(others)}, not only in {field}; make all of them from one sweep"
            )
        return cls(world, field, tuple(manifest["spec"][field] for manifest in manifests), tuple(runs))

    @property
    def n_classes(self) -> int:
        """C, which is the same at every value."""
        return self.runs[0].n_classes

    def stack(self, measure: Callable[[Runs], np.ndarray]) -> np.ndarray:
        """A measurement of every network at every value, (networks, values)."""
        return np.stack([measure(runs) for runs in self.runs], axis=1)

    def at_end(self, quantity: str, group: str, choice: str = "", layer: int | None = None) -> np.ndarray:
        """A quantity at the last epoch, (networks, values), whether or not the labels were fitted by then.

        :param layer: number of a hidden layer, -1 for the last; the whole network if None.
        """

        def measure(runs: Runs) -> np.ndarray:
            return runs.series(quantity, group, choice, NETWORK if layer is None else runs.layers[layer]).last()

        return self.stack(measure)

    def fit(self) -> np.ndarray:
        """Training accuracy at the end, of the group with the lowest, (networks, values)."""
        groups = self.runs[0].trained_groups
        return np.min([self.at_end("accuracy", group) for group in groups], axis=0)

    def threshold(self) -> int:
        """The index of the interpolation threshold: the first value at which networks fit every group of labels on average.

        The run says which accuracy counts as fitted. Test images have no influence on the threshold.

        :raises NoThreshold: no network fits, or all do.
        """
        fitted = np.flatnonzero(self.fit().mean(axis=0) >= self.runs[0].fitted)
        if not len(fitted) or fitted[0] == 0:
            where = f"no {self.field}" if not len(fitted) else f"the lowest {self.field} already"
            raise NoThreshold(f"{self.world} has no threshold: labels are fitted at {where}; {self.field}: {self._listed()}")
        return int(fitted[0])

    def around_threshold(self, narrower: float = 2, wider: float = 4) -> tuple[int, int, int]:
        """Indices of a value below the threshold, of the threshold, and of a value above it.

        The value below is the last that is ``narrower`` times smaller, and the value above is the first that is ``wider`` times
        larger. They follow from the fit of the training labels, so that no reported number influences the choice.

        :raises NoThreshold: the sweep does not extend so far.
        """
        middle, values = self.threshold(), np.array(self.values, dtype=float)
        below = np.flatnonzero(values <= values[middle] / narrower)
        above = np.flatnonzero(values >= values[middle] * wider)
        if not len(below) or not len(above):
            raise NoThreshold(
                f"{self.world} reaches its threshold at {self.field} {self.values[middle]}, and must go from {1 / narrower:g} "
                f"to {wider:g} times that; {self.field}: {self._listed()}"
            )
        return int(below[-1]), middle, int(above[0])

    def _listed(self) -> str:
        return ", ".join(map(str, self.values))


def in_order(folders: Iterable[Path]) -> list[Path]:
    """Folders ``<field>-<value>`` in the order of their values.

    Numbers are ordered as numbers. Of words, "none" is the first, and numbers in a word are ordered as numbers: "none",
    "dropout=0.1", "dropout=0.3", "weight_decay=0.01". The order follows from the folders alone: the order of the run's file
    could change after the evidence was recorded.
    """
    return sorted(folders, key=lambda folder: _place(folder.name.partition("-")[2]))


def _place(value: str) -> tuple[int, float, tuple]:
    try:
        return 0, float(value), ()
    except ValueError:
        parts = NUMBER.split(value)
        return 1, value != "none", tuple(float(part) if place % 2 else part for place, part in enumerate(parts))
