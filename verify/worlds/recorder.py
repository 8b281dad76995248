"""Evidence of your own networks: numbers from any training loop, in any framework, written as a bundle that claims read."""

import json
import math
import operator
import platform
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from empirical import installation
from empirical.errors import StorageError
from empirical.evidence import names
from empirical.evidence.bundle import Bundle, is_made, of_networks, read_bundle, write_bundle
from empirical.evidence.measurement import Measurement, TableError, finite_checks, rounded
from empirical.evidence.names import INPUT, NETWORK, REPORT, SELECT, SHUFFLED, TEST
from empirical.evidence.quantities import QUANTITIES
from empirical.runs.provenance import commit
from empirical.storage import make_folder
from verify.measurements.geometry_methods import PREFIXES
from verify.measurements.runs import Runs
from verify.registry import THEORY, load_claims
from verify.worlds.answers import missing
from verify.worlds.own_networks import digest, disagreement
from verify.worlds.scope import Scope
from verify.worlds.world import World

# How layer_geometry names the treatment of correlations, and the prefix of the quantities in tables.
METHODS = {"cavity": PREFIXES["cavity"], "published": PREFIXES["corrected"], 0: PREFIXES["independent"]}
GEOMETRY = ("capacity", "radius", "dimension")
# The choices of accuracies, and the fields of which those of geometry are made; other quantities have choices of their own.
HALVES = ("", SELECT, REPORT)
GEOMETRY_CHOICES = (SHUFFLED, *names.VARIANTS, *names.OTHER_STARTS)
# The geometry of networks that were rewound from a layer on; the name of the layer follows.
REWOUND = "rewound from "
# A manifest has these by itself.
OWN_FIELDS = ("name", "n_networks")
GROUPS = (*names.GROUPS, names.PERMUTED_ALL, names.NOISE, names.COMPARED, names.ALL, names.WEIGHTS)


class RecordError(TableError):
    """A number does not fit the table; the message says what a table takes."""


class Recorder:
    """The numbers of one world's networks.

    Each number is added once. What ``into`` already has of this world is read first, and :meth:`write` keeps it, so that a
    loop that is killed leaves out :attr:`networks` and continues, and several processes may each write networks of their own.

    :param world: the name of the world, and of its folder in ``into``.
    :param into: the folder of all evidence, as ``--evidence`` takes it.
    :param n_classes: C. :param permuted_fraction: share of the training labels that are permuted, 0..1.
    :param layers: names of the hidden layers, in order of depth. :param readout: name of the layer after them.
    :param architecture: in a word; claims about one of our architectures ask for its name.
    :param fitted: training accuracy that every group must reach at the end before memorization is judged, 0..1.
    :param more: further fields of the world that a reader should know, such as batch_size=64: numbers, texts, lists of them.
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
        n_classes = _whole("n_classes", n_classes)
        _require(n_classes >= 2, f"n_classes must be at least 2; received {n_classes}")
        for name, share in (("permuted_fraction", permuted_fraction), ("fitted", fitted)):
            _require(0 <= share <= 1, f"{name} must be within 0..1; received {share}")
        named = world.strip() and Path(world).name == world and world not in ("..", THEORY)
        _require(named, f"a world's name is that of a folder, and not {THEORY!r}; received {world!r}")
        order = [INPUT, *layers, *([readout] if readout else [])]
        own = len({NETWORK, *order}) == len(order) + 1
        _require(own, f"layers must have names of their own, and neither {INPUT!r} nor {NETWORK!r}; received {order[1:]}")
        taken = [name for name in OWN_FIELDS if name in more]
        _require(not taken, f"the Recorder itself counts {', '.join(taken)}; leave it out")
        self.world, self.folder, self._n_classes, self._started = world, Path(into) / world, n_classes, time.time()
        self._depths = {name: place / (len(layers) + 1) for place, name in enumerate(order)} | {NETWORK: 1.0}
        about = {"permuted_fraction": float(permuted_fraction), "architecture": architecture, "fitted": float(fitted), **more}
        self._spec = _plain(about | {"n_classes": n_classes, "layers": order[1:]})
        self._rows: dict[tuple, Measurement] = {_key(row): row for row in self._earlier()}

    @property
    def networks(self) -> list[int]:
        """The numbers of the networks that have numbers."""
        return sorted({row.network for row in self._rows.values()})

    def accuracy(self, network: int, epoch: int, group: str, correct: Any, choice: str = "") -> None:
        """The share of a group's images whose label the network returns.

        Turning points are chosen on one half of the test images and reported on the other. Test images must come in the same
        order at all epochs and in all networks, and are split here, in all alike, unless ``choice`` says which half they are.

        :param group: "unpermuted", "permuted" (by the labels trained on), "restored" (the same images by their true labels) or
            "test". :param correct: whether each image's label was returned, booleans (n,).
        :raises RecordError: there are too few images, or it was recorded before.
        """
        correct = np.asarray(correct)
        _require(correct.ndim == 1 and correct.size >= 2, f"correct must be (n,), n at least 2; received {correct.shape}")
        _require(bool(np.isin(correct, (0, 1)).all()), "correct must be booleans, whether each image's label was returned")
        if group == TEST:
            fewest = self._n_classes * (1 if choice else 2)
            words = f"{len(correct)} test images are too few for {self._n_classes} classes; give {fewest} or more"
            _require(len(correct) >= fewest, words)
        if group != TEST or choice:
            self._record([self._share(network, epoch, group, correct, choice)])
            return
        order = np.random.default_rng(len(correct)).permutation(len(correct))
        halves = ((SELECT, order[::2]), (REPORT, order[1::2]))
        self._record([self._share(network, epoch, group, correct[chosen], half) for half, chosen in halves])

    def _share(self, network: int, epoch: int, group: str, correct: np.ndarray, choice: str) -> Measurement:
        share, n = float(correct.mean()), len(correct)
        return self._row(network, epoch, "accuracy", group, share, math.sqrt(share * (1 - share) / n), n, choice, NETWORK)

    def geometry(self, network: int, epoch: int, group: str, rows: Iterable[Any], choice: str = "") -> None:
        """Capacity, radius and dimension of a group's manifolds, in each layer, with the capacity under shuffled labels.

        :param rows: what :func:`empirical.geometry.layers.layer_geometry` returned for the group's images; rows without
            geometry are left out. :param choice: "shuffled" for images under shuffled labels, which some claims compare
            radius and dimension with.
        :raises RecordError: a layer is none of this world's, or was recorded before; then none of the rows is recorded.
        """
        found = []
        for row in (row for row in rows if math.isfinite(row.capacity)):
            _require(row.correlations in METHODS, f"correlations must be cavity, published or 0; received {row.correlations!r}")
            prefix = METHODS[row.correlations]
            for name in GEOMETRY:
                value, se = getattr(row, name), getattr(row, f"{name}_se")
                found.append(self._row(network, epoch, f"{prefix}{name}", group, value, se, row.n_probes, choice, row.layer))
            if math.isfinite(row.baseline) and not choice:
                about = (row.baseline, row.baseline_se, row.n_probes, SHUFFLED, row.layer)
                found.append(self._row(network, epoch, f"{prefix}capacity", group, *about))
        self._record(found)

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

        :raises RecordError: the quantity, group, layer or choice is unknown, a number is not finite, or it was recorded before.
        """
        self._record([self._row(network, epoch, quantity, group, value, se, n, choice, layer)])

    def answers(self) -> dict[str, str]:
        """What each claim about networks still misses: id -> "" where it can be judged on the numbers there are.

        Own claims are among them where their files are imported. A claim that compares worlds is answered where the others are
        in ``into``.
        """
        world, bundle = World(self.world, self.folder), Bundle(self._manifest(), tuple(self._rows.values()))
        scope = Scope.of_rows(bundle.rows, self._spec)

        @cache
        def runs() -> Runs:
            return replace(Runs.of(bundle), remedy="add it", beside=lambda suffix: world.sibling(suffix).runs(None))

        return {claim.id: missing(claim, world, scope, runs) for claim in load_claims().values() if claim.needs}

    def write(self) -> Path:
        """Write the table and its manifest, and return their folder, which ``pytest verify --evidence INTO`` judges.

        Networks that another process wrote meanwhile are kept, and are from then on among those of this recorder. Killed at any
        moment, this leaves the earlier table or the new one.

        :raises RecordError: there are no numbers; a network lacks what others have; two networks have the same numbers; or
            another process wrote other numbers of the same network.
        :raises StorageError: the folder cannot be written.
        """
        _require(self._rows, "there are no numbers to write; add some first")
        with FileLock(make_folder(self.folder.parent) / f".{self.world}.lock"):
            together = self._with(self._earlier())
            words = disagreement(together.values())
            _require(not words, words)
            self._rows = together
            write_bundle(self.folder, self._manifest(), self._rows.values())
        return self.folder

    def _row(
        self, network: int, epoch: int, quantity: str, group: str, value: float, se: float, n: int, choice: str, layer: str
    ) -> Measurement:
        """The row of one number, with the digits that a table keeps; raises as :meth:`add`."""
        for what, word, known in (("quantity", quantity, QUANTITIES), ("group", group, GROUPS), ("layer", layer, self._depths)):
            _require(word in known, f"there is no {what} {word!r} in this world; a table takes {', '.join(known)}")
        _require_choice(quantity, choice)
        network, epoch, n = _whole("network", network), _whole("epoch", epoch), _whole("n", n)
        counts = min(network, epoch) >= 0 and n >= 1
        _require(counts, f"network and epoch must be 0 or more, n 1 or more; received {network}, {epoch} and {n}")
        depth = self._depths[layer]
        row = Measurement(network, 0, epoch, layer, depth, group, choice, quantity, float(value), float(se), n)
        numbers = math.isfinite(row.value) and math.isfinite(row.se) and row.se >= 0
        _require(numbers, f"{_where(row)}: value and se must be finite, se 0 or more; received {value} and {se}")
        return rounded(row)

    def _record(self, rows: Iterable[Measurement]) -> None:
        """Add rows, all of them or none."""
        added: dict[tuple, Measurement] = {}
        for row in rows:
            new = _key(row) not in self._rows and _key(row) not in added
            _require(new, f"{_where(row)} is recorded already; record each number once, and leave out recorder.networks")
            added[_key(row)] = row
        self._rows |= added

    def _with(self, earlier: Iterable[Measurement]) -> dict[tuple, Measurement]:
        """The rows, with those that the folder has by now."""
        together = dict(self._rows)
        for row in earlier:
            same = together.setdefault(_key(row), row) == row
            _require(same, f"{_where(row)} has another value in the folder; record each network in one process alone")
        return together

    def _earlier(self) -> tuple[Measurement, ...]:
        if not is_made(self.folder):
            return ()
        found = read_bundle(self.folder)
        for reason in found.broken.values():
            raise TableError(reason)
        theirs = {name: value for name, value in found.manifest["spec"].items() if name not in OWN_FIELDS}
        if theirs != self._spec:
            raise StorageError(
                f"{self.folder} holds a world with other fields, {theirs}; choose another name, or delete the folder first"
            )
        return found.rows

    def _manifest(self) -> dict:
        rows, networks = list(self._rows.values()), self.networks
        finals = {network: digest(row for row in rows if row.network == network) for network in networks}
        made = {"utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "seconds": round(time.time() - self._started, 1)}
        quantities = {name: QUANTITIES[name] for name in sorted({row.quantity for row in rows})}
        return {
            "world": self.world,
            "spec": {**self._spec, "name": self.world, "n_networks": len(networks)},
            "n_classes": self._n_classes,
            "quantities": quantities,
            "provenance": {
                "recorded_by": f"Recorder of geomem {installation.version()}",
                "python": platform.python_version(),
            },
            "made": {**made, "commit": commit()},
            **of_networks(finals, finite_checks(rows)),
        }


def _require(holds: object, words: str) -> None:
    if not holds:
        raise RecordError(words)


def _require_choice(quantity: str, choice: str) -> None:
    """Raise where no claim would read the choice."""
    if quantity == "accuracy":
        _require(choice in HALVES, f"the choice of an accuracy is {SELECT!r}, {REPORT!r} or {''!r}; received {choice!r}")
    elif quantity.endswith(GEOMETRY):
        known = all(one in GEOMETRY_CHOICES or one.startswith(REWOUND) for one in names.unpacked(choice))
        _require(known, f"there is no choice {choice!r} of geometry; known: {', '.join(GEOMETRY_CHOICES)}")


def _whole(name: str, number: Any) -> int:
    try:
        return operator.index(number)
    except TypeError:
        raise RecordError(f"{name} must be a whole number; received {number!r}") from None


def _plain(fields: dict) -> dict:
    """The fields as JSON has them, lists for tuples and arrays, so that they equal those of a manifest."""
    for name, value in fields.items():
        try:
            json.dumps(value, default=lambda array: array.tolist(), allow_nan=False)
        except (TypeError, ValueError, AttributeError):
            raise RecordError(f"{name} must be a number, a text, or a list or dict of them; received {value!r}") from None
    return json.loads(json.dumps(fields, default=lambda array: array.tolist()))


def _key(row: Measurement) -> tuple:
    return row.network, row.epoch, row.layer, row.group, row.choice, row.quantity


def _where(row: Measurement) -> str:
    words = " / ".join(filter(None, (row.quantity, row.group, row.choice, row.layer)))
    return f"{words}, network {row.network}, epoch {row.epoch}"
