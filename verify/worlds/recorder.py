"""Evidence of your own networks: numbers from any training loop, in any framework, written as a bundle that claims read."""

import hashlib
import math
import platform
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from empirical.errors import StorageError
from empirical.evidence import names
from empirical.evidence.bundle import Bundle, is_made, of_networks, read_bundle, write_bundle
from empirical.evidence.measurement import Measurement, TableError, finite_checks, rounded
from empirical.evidence.names import INPUT, NETWORK, REPORT, SELECT, SHUFFLED, TEST
from empirical.evidence.quantities import QUANTITIES
from verify.judging.verdicts import EvidenceError
from verify.measurements.geometry_methods import PREFIXES
from verify.measurements.runs import Runs
from verify.registry import Claim, load_claims
from verify.worlds.scope import Scope, kind

# How layer_geometry names the treatment of correlations, and the prefix of the quantities in tables.
METHODS = {"cavity": PREFIXES["cavity"], "published": PREFIXES["corrected"], 0: PREFIXES["independent"]}
GEOMETRY = ("capacity", "radius", "dimension")
GROUPS = (*names.GROUPS, names.PERMUTED_ALL, names.NOISE, names.COMPARED, names.ALL, names.WEIGHTS)


class RecordError(TableError):
    """A number does not fit the table; the message says what a table takes."""


class Recorder:
    """The numbers of one world's networks.

    Each number is added once. What ``into`` already has of this world is read first, and :meth:`write` keeps it, so that a
    loop that is killed leaves out :attr:`networks` and continues.

    :param world: the name of the world, and of its folder in ``into``.
    :param into: the folder of all evidence, as ``--evidence`` takes it.
    :param n_classes: C. :param permuted_fraction: share of the training labels that are permuted, 0..1.
    :param layers: names of the hidden layers, in order of depth. :param readout: name of the layer after them.
    :param architecture: in a word; claims about one of our architectures ask for its name.
    :param fitted: training accuracy that every group must reach at the end before memorization is judged, 0..1.
    :param more: further fields of the world that a reader should know, such as batch_size=64, as plain JSON values.
    :raises RecordError: a field is out of its range, or the folder holds a world with other fields.
    """

    def __init__(
        self,
        world: str,
        into: str | Path,
        *,
        n_classes: int,
        permuted_fraction: float,
        layers: Sequence[str] = (),
        readout: str = "",
        architecture: str = "own",
        fitted: float = 0.95,
        **more: Any,
    ) -> None:
        _require(n_classes >= 2, f"n_classes must be at least 2; received {n_classes}")
        for name, share in (("permuted_fraction", permuted_fraction), ("fitted", fitted)):
            _require(0 <= share <= 1, f"{name} must be within 0..1; received {share}")
        _require(world.strip() and Path(world).name == world, f"a world's name is that of a folder; received {world!r}")
        order = [INPUT, *layers, *([readout] if readout else [])]
        _require(len(set(order)) == len(order), f"layers must have names of their own, and not {INPUT!r}; received {order[1:]}")
        self.world, self.folder, self._n_classes, self._started = world, Path(into) / world, n_classes, time.time()
        self._depths = {name: place / (len(layers) + 1) for place, name in enumerate(order)} | {NETWORK: 1.0}
        self._spec = {"permuted_fraction": permuted_fraction, "architecture": architecture, "fitted": fitted, **more}
        self._spec |= {"n_classes": n_classes, "layers": order[1:]}
        self._rows: dict[tuple, Measurement] = {_key(row): row for row in self._earlier()}

    @property
    def networks(self) -> list[int]:
        """The numbers of the networks that have numbers."""
        return sorted({row.network for row in self._rows.values()})

    def accuracy(self, network: int, epoch: int, group: str, correct: Any, choice: str = "") -> None:
        """The share of a group's images whose label the network returns.

        Turning points are chosen on one half of the test images and reported on the other: test images must come in the same
        order at all epochs, and are split here, unless ``choice`` says which half they are.

        :param group: "unpermuted", "permuted" (by the labels trained on), "restored" (the same images by their true labels) or
            "test". :param correct: whether each image's label was returned, booleans (n,).
        :raises RecordError: there are no images, or it was recorded before.
        """
        correct = np.asarray(correct)
        _require(correct.ndim == 1 and correct.size >= 2, f"correct must be (n,), n at least 2; received {correct.shape}")
        _require(bool(np.isin(correct, (0, 1)).all()), "correct must be booleans, whether each image's label was returned")
        if group == TEST and not choice:
            order = np.random.default_rng(network).permutation(len(correct))
            for half, chosen in ((SELECT, order[::2]), (REPORT, order[1::2])):
                self.accuracy(network, epoch, group, correct[np.sort(chosen)], half)
            return
        share, n = float(correct.mean()), len(correct)
        self.add(network, epoch, "accuracy", group, share, math.sqrt(share * (1 - share) / n), n, choice)

    def geometry(self, network: int, epoch: int, group: str, rows: Iterable[Any], choice: str = "") -> None:
        """Capacity, radius and dimension of a group's manifolds, in each layer, with the capacity under shuffled labels.

        :param rows: what :func:`empirical.geometry.layers.layer_geometry` returned for the group's images; rows without
            geometry are left out. :param choice: "shuffled" for images under shuffled labels, which some claims compare
            radius and dimension with.
        :raises RecordError: a layer is none of this world's, or was recorded before.
        """
        for row in (row for row in rows if math.isfinite(row.capacity)):
            _require(row.correlations in METHODS, f"correlations must be cavity, published or 0; received {row.correlations!r}")
            prefix = METHODS[row.correlations]
            for name in GEOMETRY:
                value, se = getattr(row, name), getattr(row, f"{name}_se")
                self.add(network, epoch, f"{prefix}{name}", group, value, se, row.n_probes, choice, row.layer)
            if math.isfinite(row.baseline) and not choice:
                about = (row.baseline, row.baseline_se, row.n_probes, SHUFFLED, row.layer)
                self.add(network, epoch, f"{prefix}capacity", group, *about)

    def add(
        self,
        network: int,
        epoch: int,
        quantity: str,
        group: str,
        value: float,
        se: float = 0.0,
        n: int = 1,
        choice: str = "",
        layer: str = NETWORK,
    ) -> None:
        """One number; fields are those of :class:`empirical.evidence.measurement.Measurement`.

        :raises RecordError: the quantity, group or layer is unknown, a number is not finite, or it was recorded before.
        """
        for what, word, known in (("quantity", quantity, QUANTITIES), ("group", group, GROUPS), ("layer", layer, self._depths)):
            _require(word in known, f"there is no {what} {word!r} in this world; a table takes {', '.join(known)}")
        _require(min(network, epoch) >= 0 and n >= 1, f"network and epoch must be 0 or more, n 1 or more; received {n}")
        numbers = math.isfinite(value) and math.isfinite(se) and se >= 0
        where = " / ".join(filter(None, (quantity, group, choice, layer))) + f", network {network}, epoch {epoch}"
        _require(numbers, f"{where}: value and se must be finite, se 0 or more; received {value} and {se}")
        depth = self._depths[layer]
        row = Measurement(int(network), 0, int(epoch), layer, depth, group, choice, quantity, float(value), float(se), int(n))
        _require(_key(row) not in self._rows, f"{where} is recorded already; record each number once")
        self._rows[_key(row)] = row

    def answers(self) -> dict[str, str]:
        """What claims make of the table: id -> "" where the claim can be judged, or why it cannot.

        Claims that read quantities of which the table has none are left out.
        """
        bundle = Bundle(self._manifest(), tuple(map(rounded, self._rows.values())))
        there = frozenset(row.quantity for row in bundle.rows)
        scope = Scope(there, frozenset(), kind(self._spec["permuted_fraction"]), self._spec["architecture"])
        asked = [claim for claim in load_claims().values() if claim.needs and not claim.sweep and scope.measures(claim)]
        runs = replace(Runs.of(bundle), remedy="add it")
        return {claim.id: _why_not(claim, scope, runs) for claim in asked}

    def write(self) -> Path:
        """Write the table and its manifest, and return their folder, which ``pytest verify --evidence INTO`` judges.

        :raises RecordError: there are no numbers; a network lacks what others have; or two networks have the same numbers.
        :raises StorageError: the folder cannot be written.
        """
        _require(self._rows, "there are no numbers to write; add some first")
        _require_alike(self._rows.values())
        write_bundle(self.folder, self._manifest(), self._rows.values())
        return self.folder

    def _earlier(self) -> tuple[Measurement, ...]:
        if not is_made(self.folder):
            return ()
        found = read_bundle(self.folder)
        for reason in found.broken.values():
            raise TableError(reason)
        theirs = {name: value for name, value in found.manifest["spec"].items() if name not in ("name", "n_networks")}
        if theirs != self._spec:
            raise StorageError(
                f"{self.folder} holds a world with other fields, {theirs}; choose another name, or delete the folder first"
            )
        return found.rows

    def _manifest(self) -> dict:
        rows, networks = list(self._rows.values()), self.networks
        finals = {network: _digest(row for row in rows if row.network == network) for network in networks}
        spec = {**self._spec, "name": self.world, "n_networks": len(networks)}
        made = {"utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "seconds": round(time.time() - self._started, 1)}
        quantities = {name: QUANTITIES[name] for name in sorted({row.quantity for row in rows})}
        return {
            "world": self.world,
            "spec": spec,
            "n_classes": self._n_classes,
            "quantities": quantities,
            "provenance": {
                "recorded_by": f"Recorder of geomem {metadata.version('geomem')}",
                "python": platform.python_version(),
            },
            "made": {**made, "host": platform.node()},
            **of_networks(finals, finite_checks(rows)),
        }


def _require(holds: object, words: str) -> None:
    if not holds:
        raise RecordError(words)


def _key(row: Measurement) -> tuple:
    return row.network, row.epoch, row.layer, row.group, row.choice, row.quantity


def _digest(rows: Iterable[Measurement]) -> str:
    """The digest of a network's values, which stands for that of its weights: no two networks return the same numbers."""
    values = sorted((row.epoch, row.layer, row.group, row.choice, row.quantity, row.value) for row in rows)
    return hashlib.sha256(repr(values).encode()).hexdigest()


def _require_alike(rows: Iterable[Measurement]) -> None:
    """Raise where a network lacks a series that others have, or has the numbers of another."""
    series: dict[int, set[tuple]] = {}
    digests: dict[str, int] = {}
    rows = list(rows)
    for row in rows:
        series.setdefault(row.network, set()).add((row.quantity, row.group, row.choice, row.layer))
    every = set().union(*series.values())
    for network, there in series.items():
        missing = " / ".join(filter(None, min(every - there, default=())))
        _require(not missing, f"network {network} has no {missing}, which others have; record it, or leave the network out")
        other = digests.setdefault(_digest(row for row in rows if row.network == network), network)
        _require(other == network, f"networks {other} and {network} have the same numbers; train each with a seed of its own")


def _why_not(claim: Claim, scope: Scope, runs: Runs) -> str:
    """Why a claim cannot be judged on these runs; "" where it can."""
    if not scope.answers(claim):
        return "it is about networks of other labels or architectures, or needs an instrument of our runs"
    try:
        claim.relation(runs)
    except EvidenceError as error:
        return str(error)
    return ""
