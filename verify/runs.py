"""A world's measurements as arrays, one row per network, in the words claims are written in."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from empirical.measurements import Bundle
from verify.verdict import Broken, EvidenceError, Status, Untested

Key = tuple[str, str, str]
When = str | int


class Unfit(EvidenceError):
    """A network did not fit its labels, so that nothing can be said about memorization."""

    status = Status.INCONCLUSIVE


@dataclass(frozen=True)
class Series:
    """One quantity over epochs: epochs (E,), values (networks, E)."""

    epochs: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class Runs:
    """The measured networks of one world.

    table: (quantity, group, choice) -> :class:`Series`.
    broken: (quantity, group) -> reason; reading such a series raises :class:`~verify.verdict.Broken`.
    n_classes: C.
    fitted: training accuracy that every group trained on must reach at the end, network by network.
    trained_groups: the groups trained on.
    """

    world: str
    table: dict[Key, Series]
    n_classes: int
    fitted: float
    trained_groups: tuple[str, ...]
    broken: dict[tuple[str, str], str] = field(default_factory=dict)
    # What a counterfeit or a planted instrument replaces: the half on which the turning point is chosen.
    selection: str = "select"

    @classmethod
    def of(cls, bundle: Bundle) -> "Runs":
        """The table of a bundle, series by series; a series with gaps is broken."""
        cells: dict[Key, dict[tuple[int, int], float]] = {}
        for row in bundle.rows:
            if row.layer == "network":
                cells.setdefault((row.quantity, row.group, row.choice), {})[row.network, row.epoch] = row.value
        table, broken = {}, dict(bundle.broken)
        for key, values in cells.items():
            networks = range(bundle.manifest["spec"]["n_networks"])
            epochs = sorted({epoch for _, epoch in values})
            if len(values) != len(networks) * len(epochs):
                broken.setdefault(key[:2], f"rows of {' / '.join(key[:2])} are missing for some networks")
                continue
            array = np.array([[values[network, epoch] for epoch in epochs] for network in networks])
            table[key] = Series(np.array(epochs), array)
        about = bundle.manifest
        fraction = about["spec"]["permuted_fraction"]
        groups = ("unpermuted",) * (fraction < 1) + ("permuted",) * (fraction > 0)
        return cls(about["world"], table, about["n_classes"], about["spec"]["fitted"], groups, broken)

    def series(self, quantity: str, group: str, choice: str = "") -> Series:
        """A measured series, or why there is none.

        :raises Broken: its rows are missing or edited, or a check of theirs failed.
        :raises Untested: it was not measured in this world.
        """
        if (quantity, group) in self.broken:
            raise Broken(self.broken[quantity, group])
        if (quantity, group, choice) not in self.table:
            raise Untested(f"{quantity} of {group} was not measured in this world: python -m empirical bundle {self.world}")
        return self.table[quantity, group, choice]

    def accuracy(self, group: str, when: When | None = None) -> np.ndarray:
        """Accuracy of a group: (networks,) at ``when``, or (networks, epochs). Test accuracy is that of the reported half."""
        return self.at(self.series("accuracy", group, "report" if group == "test" else ""), when)

    def gradient_norm(self, group: str, when: When, choice: str = "standard", part: str = "") -> np.ndarray:
        """Norm of a group's gradient over all parameters, (networks,); ``part`` is "label_independent" or "_dependent"."""
        return self.at(self.series(f"gradient_norm{part and '_' + part}", group, choice), when)

    def initial(self, quantity: str, group: str, choice: str = "") -> np.ndarray:
        """A quantity measured at initialization, (networks,)."""
        return self.at(self.series(quantity, group, choice), 0)

    def label_counts(self, group: str) -> np.ndarray:
        """Examples of each trained label in a group, (networks, C)."""
        labels = map(str, range(self.n_classes))
        return np.stack([self.initial("label_count", group, label) for label in labels], axis=1)

    def class_matrix(self, quantity: str, group: str, n_classes: int) -> np.ndarray:
        """A symmetric matrix over classes, (networks, C, C)."""
        rows, columns = np.triu_indices(n_classes)
        upper = [self.initial(quantity, group, f"{i}-{j}") for i, j in zip(rows, columns, strict=True)]
        matrix = np.empty((len(upper[0]), n_classes, n_classes))
        matrix[:, rows, columns] = matrix[:, columns, rows] = np.stack(upper, axis=1)
        return matrix

    def at(self, series: Series, when: When | None) -> np.ndarray:
        """Values at an epoch, (networks,): a number, "turning_point" or "end"; all epochs for None."""
        if when is None:
            return series.values
        if when == "end":
            self._require_fitted()
            return series.values[:, -1]
        if when == "turning_point":
            epochs = self.turning_points()
            return np.array([values[_index(series, epoch)] for values, epoch in zip(series.values, epochs, strict=True)])
        return series.values[:, _index(series, when)]

    def turning_points(self) -> np.ndarray:
        """Each network's epoch of best accuracy on the half of the test images kept for choosing it; the first of ties."""
        chosen = self.series("accuracy", "test", self.selection)
        return chosen.epochs[np.argmax(chosen.values, axis=1)]

    def crossing_epochs(self, group: str, level: float) -> np.ndarray:
        """The epoch at which a group's accuracy first reaches a level, interpolated; one past the last where it never does.

        :raises Unfit: the networks did not fit their labels, so that never reaching the level would say nothing.
        """
        self._require_fitted()
        series = self.series("accuracy", group)
        return np.array([_crossing(series.epochs, values, level) for values in series.values])

    def transformed(self, change: Callable[[Key, Series], tuple[Key, Series]]) -> "Runs":
        """The runs with every series passed through ``change``: how counterfeit worlds are made."""
        return replace(self, table=dict(change(key, series) for key, series in self.table.items()))

    def _require_fitted(self) -> None:
        for group in self.trained_groups:
            worst = float(self.series("accuracy", group).values[:, -1].min())
            if worst < self.fitted:
                raise Unfit(f"a network fitted only {worst:.2f} of its {group} labels, {self.fitted:.2f} required")


def _index(series: Series, epoch: When) -> int:
    (found,) = np.nonzero(series.epochs == epoch)
    if not len(found):
        raise Untested(f"epoch {epoch} was not measured; measured: {', '.join(map(str, series.epochs))}")
    return int(found[0])


def _crossing(epochs, values, level) -> float:
    above = np.flatnonzero(values >= level)
    if not len(above):
        return float(epochs[-1] + 1)
    first = above[0]
    if first == 0:
        return float(epochs[0])
    share = (level - values[first - 1]) / (values[first] - values[first - 1])
    return float(epochs[first - 1] + share * (epochs[first] - epochs[first - 1]))
