"""A world's measurements as arrays, one row per network, in the words of claims."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

from empirical.evidence.bundle import Bundle
from empirical.evidence.names import (
    END,
    NETWORK,
    NOISE,
    PERMUTED,
    REPORT,
    SELECT,
    STANDARD,
    TEST,
    TURNING_POINT,
    UNPERMUTED,
    packed,
    unpacked,
)
from verify.judging.verdicts import Broken, NotAsked, Untested
from verify.measurements.series import Key, Series, series_of

When = str | int | np.ndarray
HALVES = {SELECT: REPORT, REPORT: SELECT}


class Unfit(NotAsked):
    """A network did not fit its labels, so that its memorization cannot be judged."""


def nothing_beside(suffix: str) -> NoReturn:
    """The ``beside`` of runs, or of a sweep, without other worlds.

    :raises Untested: always.
    """
    raise Untested(f"this claim compares with a world ...{suffix}, which is not recorded")


@dataclass(frozen=True)
class Runs:
    """The measured networks of one world.

    table: :class:`Key` -> :class:`Series`.
    broken: (quantity, group) -> reason; reading such a series raises :class:`~verify.judging.verdicts.Broken`.
    n_classes: C.
    fitted: training accuracy that every group trained on must reach at the end, in every network.
    trained_groups: the groups trained on.
    layers: names of the hidden layers, in order of depth; some of them, where the others were not measured.
    all_layers: names of all hidden layers, if ``layers`` are some of them.
    readout: the layer after the hidden layers.
    networks: the numbers of the measured networks, in the order of rows; they may be some of the run's networks.
    beside: a function from a suffix, such as "-clean", to the runs of the world whose name is this name and the suffix.
    spec: the fields of the run's specification, by name.
    remedy: what to do about a series that was not measured; "" for the command that makes the world.
    """

    world: str
    table: dict[Key, Series]
    n_classes: int
    fitted: float
    trained_groups: tuple[str, ...]
    layers: tuple[str, ...] = ()
    readout: str = ""
    broken: dict[tuple[str, str], str] = field(default_factory=dict)
    networks: tuple[int, ...] = ()
    # The half on which the turning point is chosen; counterfeits and planted instruments replace it.
    selection: str = SELECT
    beside: Callable[[str], "Runs"] = nothing_beside
    all_layers: tuple[str, ...] = ()
    spec: Mapping[str, Any] = field(default_factory=dict)
    remedy: str = ""

    @classmethod
    def of(cls, bundle: Bundle) -> "Runs":
        """The runs of a bundle."""
        cells: dict[Key, dict[tuple[int, int], float]] = {}
        depths: dict[str, float] = {}
        for row in bundle.rows:
            cells.setdefault(Key(row.quantity, row.group, row.choice, row.layer), {})[row.network, row.epoch] = row.value
            depths[row.layer] = row.depth
        networks = networks_of(bundle.manifest)
        table = {key: series_of(key, values, networks) for key, values in cells.items()}
        return cls.of_series(bundle.manifest, table, depths, bundle.broken)

    @classmethod
    def of_series(
        cls, about: dict, table: dict[Key, Series], depths: Mapping[str, float], broken: Mapping[tuple[str, str], str]
    ) -> "Runs":
        """The runs of a manifest, and of what its table says.

        :param depths: of every layer by its name. :param broken: as in :class:`empirical.evidence.bundle.Bundle`.
        """
        spec = about["spec"]
        # Networks that reproduce images have neither labels nor classes.
        permuted = spec.get("permuted_fraction")
        shares = {} if permuted is None else {UNPERMUTED: 1 - permuted, PERMUTED: permuted}
        hidden = sorted((name for name, depth in depths.items() if 0 < depth < 1), key=depths.__getitem__)
        readout = next((name for name, depth in depths.items() if depth == 1 and name != NETWORK), "")
        return cls(
            about["world"],
            table,
            about.get("n_classes", 0),
            spec.get("fitted", 0.0),
            tuple(group for group, share in shares.items() if share > 0),
            tuple(hidden),
            readout,
            dict(broken),
            networks_of(about),
            spec=spec,
        )

    @property
    def updates_per_epoch(self) -> int:
        """The number of steps of gradient descent in an epoch; the last batch of an epoch may be smaller."""
        return -(-self.spec["train_images"] // self.spec["batch_size"])

    @property
    def trained_group(self) -> str:
        """The group whose labels are all the labels trained on, but for coincidences: "unpermuted", or "permuted".

        :raises NotAsked: a part of the labels is permuted, so that there are two groups.
        """
        if len(self.trained_groups) != 1:
            groups = " and ".join(self.trained_groups)
            raise NotAsked(f"{self.world} trains on {groups} labels, and the claim is about labels of one kind")
        return self.trained_groups[0]

    @property
    def early(self) -> slice:
        """The measured layers among the first third of the hidden layers, rounded up.

        :raises NotAsked: none of them was measured.
        """
        own = self.all_layers or self.layers
        return slice(0, self._measured(own[: self._third]))

    @property
    def deep(self) -> slice:
        """The measured layers among the last third of the hidden layers, rounded up; raises as :attr:`early`."""
        own = self.all_layers or self.layers
        return slice(len(self.layers) - self._measured(own[len(own) - self._third :]), len(self.layers))

    def relative_depth(self) -> np.ndarray:
        """Positions of the measured hidden layers, 0 for the first of them and 1 for the last, (layers,)."""
        places = np.array([(self.all_layers or self.layers).index(layer) for layer in self.layers], dtype=float)
        return (places - places[0]) / max(places[-1] - places[0], 1.0)

    @property
    def _third(self) -> int:
        return -(-len(self.all_layers or self.layers) // 3)

    def _measured(self, third: tuple[str, ...]) -> int:
        count = sum(layer in self.layers for layer in third)
        if third and not count:
            raise NotAsked(f"this method measures none of the layers {', '.join(third)}")
        return count

    def series(self, quantity: str, group: str, choice: str = "", layer: str = NETWORK) -> Series:
        """A measured series.

        :raises Broken: its rows are missing or edited, or one of its checks failed.
        :raises Untested: the series was not measured in this world.
        :raises NotAsked: networks of this world have no such series.
        """
        if (quantity, group) in self.broken:
            raise Broken(self.broken[quantity, group])
        key = Key(quantity, group, choice, layer)
        if key in self.table:
            return self.table[key]
        if self.trained_groups and PERMUTED not in self.trained_groups and group not in (UNPERMUTED, TEST, NOISE):
            raise NotAsked(f"{quantity} of {group} cannot be measured in this world, because its permuted_fraction is 0")
        raise Untested(f"{quantity} of {group} was not measured in this world: {self._remedy}")

    @property
    def _remedy(self) -> str:
        return self.remedy or f"python -m empirical bundle {self.world}"

    def layerwise(
        self, quantity: str, group: str, when: When, choice: str = "", layers: Iterable[str] | None = None
    ) -> np.ndarray:
        """A quantity of the hidden layers, or of the layers named, at one time, (networks, layers).

        :raises Untested: no layer was measured. Raises as :meth:`series` and :meth:`at` too.
        """
        names = self.layers if layers is None else tuple(layers)
        if not names:
            raise Untested(f"no layer was measured in this world: {self._remedy}")
        return np.stack([self.at(self.series(quantity, group, choice, name), when) for name in names], axis=1)

    def accuracy(self, group: str, when: When | None = None) -> np.ndarray:
        """Accuracy of a group, (networks,) at ``when``, or (networks, epochs) if None.

        Test accuracy is the mean over :attr:`both_ways`: turning points are chosen on one half of the test images, and the
        accuracy is that of the other half.
        """
        if group != TEST:
            return self.at(self.series("accuracy", group), when)
        return np.mean([way.at(way.series("accuracy", TEST, REPORT), when) for way in self.both_ways], axis=0)

    def reported_accuracy(self, when: When) -> np.ndarray:
        """Test accuracy of the reported half alone, (networks,), for numbers that only this half has."""
        return self.at(self.series("accuracy", TEST, REPORT), when)

    @cached_property
    def both_ways(self) -> tuple["Runs", "Runs"]:
        """These runs, and the same with the selection half and the reported half of the test images exchanged."""

        def exchange(key: Key, series: Series):
            fields = (HALVES.get(field, field) for field in unpacked(key.choice))
            return key._replace(choice=packed(*fields)), series

        return self, self.transformed(exchange)

    def gradient_norm(self, group: str, when: When, choice: str = STANDARD, part: str = "") -> np.ndarray:
        """Norm of a group's gradient over all parameters, (networks,).

        :param part: "label_independent", "label_dependent", or "" for the whole gradient.
        """
        return self.at(self.series(f"gradient_norm{part and '_' + part}", group, choice), when)

    def initial(self, quantity: str, group: str, choice: str = "", layer: str = NETWORK) -> np.ndarray:
        """A quantity measured at initialization, (networks,)."""
        return self.at(self.series(quantity, group, choice, layer), 0)

    def at(self, series: Series, when: When | None) -> np.ndarray:
        """The values of a series at an epoch, (networks,), or at all epochs, (networks, epochs), for None.

        :param when: an epoch, one epoch for each network, "turning_point" or "end".
        :raises Unfit: ``when`` is "end" and a network did not fit its labels.
        :raises Untested: the epoch was not measured.
        :raises Broken: the row of a network is missing.
        """
        if isinstance(when, str) and when == END:
            self._require_fitted()
            when = int(self.series("accuracy", self.trained_groups[0]).epochs[-1])
        if isinstance(when, str) and when == TURNING_POINT:
            when = self.turning_points()
        if isinstance(when, np.ndarray):
            return series.complete(np.array([v[series.index(e)] for v, e in zip(series.values, when, strict=True)]))
        return series.complete(None if when is None else series.values[:, series.index(when)])

    def turning_points(self) -> np.ndarray:
        """The epoch of best accuracy on the selection half of the test images, the first of ties, (networks,)."""
        chosen = self.series("accuracy", TEST, self.selection)
        return chosen.epochs[np.argmax(chosen.complete(), axis=1)]

    def last_below(self, group: str, level: float, series: Series) -> np.ndarray:
        """The last epoch of a series before a group's accuracy first reaches a level, (networks,).

        :raises Untested: the series has no such epoch.
        """
        accuracy, found = self.series("accuracy", group), []
        for values, measured in zip(accuracy.complete(), ~np.isnan(series.values), strict=True):
            reached = accuracy.epochs[values >= level]
            before = series.epochs[measured & (series.epochs < (reached[0] if len(reached) else np.inf))]
            if not len(before):
                raise Untested(f"{series.name} was not measured at any epoch before {group} accuracy reached {level:g}")
            found.append(before[-1])
        return np.array(found)

    def crossing_epochs(self, group: str, level: float) -> np.ndarray:
        """The interpolated epoch at which a group's accuracy first reaches a level, (networks,).

        It is one past the last epoch where the accuracy never does.

        :raises Unfit: the networks did not fit their labels, so that an accuracy below the level would have no meaning.
        """
        self._require_fitted()
        series = self.series("accuracy", group)
        return np.array([_crossing(series.epochs, values, level) for values in series.complete()])

    def training_accuracy(self) -> np.ndarray:
        """Accuracy on all labels trained on, (networks, epochs); labels permuted to themselves count like the permuted ones."""
        permuted = self.spec["permuted_fraction"]
        shares = {UNPERMUTED: 1 - permuted, PERMUTED: permuted}
        return np.sum([shares[group] * self.accuracy(group) for group in self.trained_groups], axis=0)

    def fitting_epochs(self, level: float) -> np.ndarray:
        """The interpolated epoch at which :meth:`training_accuracy` first reaches a level, (networks,).

        :raises Unfit: as :meth:`crossing_epochs`.
        """
        self._require_fitted()
        epochs = self.series("accuracy", self.trained_groups[0]).epochs
        return np.array([_crossing(epochs, values, level) for values in self.training_accuracy()])

    def during_memorization(self, series: Series) -> np.ndarray:
        """Mean of a series over measured epochs from the turning point to the end, both included, (networks,)."""
        self._require_fitted()
        outside = series.epochs < self.turning_points()[:, None]
        return series.complete(np.nanmean(np.where(outside, np.nan, series.values), axis=1))

    def transformed(self, change: Callable[[Key, Series], tuple[Key, Series]]) -> "Runs":
        """Runs in which ``change`` was applied to every series; counterfeits are made in this way."""
        return replace(self, table=dict(change(key, series) for key, series in self.table.items()))

    def _require_fitted(self) -> None:
        for group in self.trained_groups:
            worst = float(self.series("accuracy", group).last().min())
            if worst < self.fitted:
                raise Unfit(f"a network fitted only {worst:.2f} of its {group} labels; {self.fitted:.2f} are required")


def networks_of(manifest: dict) -> tuple[int, ...]:
    """The numbers of a bundle's networks, in the order of rows."""
    return tuple(manifest.get("networks", range(manifest["spec"]["n_networks"])))


def _crossing(epochs, values, level) -> float:
    above = np.flatnonzero(values >= level)
    if not len(above):
        return float(epochs[-1] + 1)
    first = above[0]
    if first == 0:
        return float(epochs[0])
    share = (level - values[first - 1]) / (values[first] - values[first - 1])
    return float(epochs[first - 1] + share * (epochs[first] - epochs[first - 1]))
