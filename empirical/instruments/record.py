"""The rows and checks of one network while it is measured, kept on the disk moment by moment."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from torch import nn

from empirical import networks
from empirical.evidence.measurement import Measurement, Reading, TableError, parse_table, table_text
from empirical.evidence.names import INPUT, NETWORK, PERMUTED_ALL
from empirical.storage import write_atomic
from empirical.training import checkpoints
from empirical.training.subject import Subject


class Record:
    """The measurements on one network so far.

    rows: the measurements.
    checks: the name of each check, and whether it passed.
    moments: the names of the moments that are measured.
    """

    def __init__(self, subject: Subject, weights: str, kept: Path | None = None):
        """Start a record, or resume it where an interrupted measurement of this network ended.

        :param weights: digest of the network's last weights.
        :param kept: file of the rows measured before; new rows are also written to it.
        """
        self.subject, self.weights, self.kept = subject, weights, kept
        self.depths = {NETWORK: 1.0, **depths(subject.build())}
        self.moments: list[str] = []
        self.rows: list[Measurement] = []
        self.checks = {"measuring_left_networks_unchanged": True, "gradient_norm:parts_add_up": True}
        if not self._resumed():
            share, n = subject.labels.coincidence_share, len(subject.images)
            self.add(0, [Reading("coincidence_share", PERMUTED_ALL, share, 0.0, n)])

    def once(self, moment: str, work: Callable[[], None]) -> None:
        """Do the work, which adds rows and checks, and keep its result; skip it if the result was kept before."""
        if moment in self.moments:
            return
        work()
        self.moments.append(moment)
        if self.kept:
            so_far = {"moments": self.moments, "checks": self.checks, "table": table_text(self.rows)}
            write_atomic(self.kept, json.dumps({"weights": self.weights, **so_far}).encode())

    @contextmanager
    def unchanged(self, model: nn.Sequential) -> Iterator[nn.Sequential]:
        """The network; a check records whether the work in the context left it unchanged, running statistics included."""
        before = checkpoints.digest(model.state_dict())
        yield model
        self.checks["measuring_left_networks_unchanged"] &= checkpoints.digest(model.state_dict()) == before

    def add(self, epoch: int, readings: Iterable[Reading]) -> None:
        """Add the readings of one checkpoint to the rows; a reading that has an epoch of its own keeps it."""
        network, seed = self.subject.network, self.subject.spec.seed
        for r in readings:
            at, depth = epoch if r.epoch is None else r.epoch, self.depths[r.layer]
            self.rows.append(Measurement(network, seed, at, r.layer, depth, r.group, r.choice, r.quantity, r.value, r.se, r.n))

    def _resumed(self) -> bool:
        """Whether rows and checks of these weights were kept; a file that cannot be read counts as none."""
        if not self.kept or not self.kept.is_file():
            return False
        try:
            found = json.loads(self.kept.read_text(encoding="utf-8"))
            rows = list(parse_table(found["table"], str(self.kept)))
            moments, checks, weights = list(found["moments"]), dict(found["checks"]), found["weights"]
        except (OSError, ValueError, TypeError, KeyError, TableError):
            return False
        if weights != self.weights:
            return False
        self.moments, self.rows, self.checks = moments, rows, checks
        return True


def depths(model: nn.Module) -> dict[str, float]:
    """The depth of every layer by its name, from 0 for the input to 1 for the readout."""
    names = [INPUT, *networks.layers(model)]
    return {name: index / (len(names) - 1) for index, name in enumerate(names)}
