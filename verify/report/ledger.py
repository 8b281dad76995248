"""The ledger: every verdict of a run as sorted JSON lines, with the same bytes on one machine for any number of processes."""

import json
import platform
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from empirical.storage import make_folder, write_atomic
from verify.judging.verdicts import Verdict

LEDGER = Path(".geomem") / "ledger.jsonl"


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: a claim in a world, its verdict, whether it was accepted, and the registered reason.

    evidence: the digest of the judged evidence, for a recorded world.
    objection: why the verdict is not accepted, or was not until it was judged again; "" where nothing is wrong with it.
    again: the verdict on a fresh draw, where the first one was not accepted; None elsewhere.
    """

    id: str
    world: str
    verdict: Verdict
    accepted: bool
    registered: str
    statement: str
    seed: str
    evidence: str = ""
    objection: str = ""
    again: Verdict | None = None

    def line(self) -> str:
        """The entry as one JSON line with sorted keys."""
        again = self.again and self.again.record()
        return json.dumps({**vars(self), "verdict": self.verdict.record(), "again": again}, sort_keys=True)

    @classmethod
    def from_line(cls, line: str) -> "Entry":
        """The entry of a line that :meth:`line` made."""
        record = json.loads(line)
        again = record["again"] and Verdict.from_record(record["again"])
        return cls(**{**record, "verdict": Verdict.from_record(record["verdict"]), "again": again})


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, sorted by claim and world."""
    return sorted(entries, key=lambda entry: (entry.id, entry.world))


def write(path: Path, entries: Iterable[Entry]) -> None:
    """Write the ledger, and the time and host to ``<name>.meta.json`` in the same folder.

    :raises StorageError: the folder cannot be written.
    """
    make_folder(path.parent)
    write_atomic(path, "".join(f"{entry.line()}\n" for entry in in_order(entries)).encode())
    about = {"utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "host": platform.node()}
    write_atomic(path.with_suffix(".meta.json"), (json.dumps(about) + "\n").encode())


def read(path: Path) -> list[Entry]:
    """The entries of a ledger."""
    return [Entry.from_line(line) for line in path.read_text(encoding="utf-8").splitlines()]
