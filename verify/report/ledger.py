"""The ledger: every verdict of a run as JSON lines, sorted, the same bytes on one machine however the run was spread."""

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
    """One line: a claim in a world, its verdict, whether it was accepted, and the reason registered for that.

    evidence: where it is recorded, the digest of the table judged.
    """

    id: str
    world: str
    verdict: Verdict
    accepted: bool
    registered: str
    statement: str
    seed: str
    evidence: str = ""

    def line(self) -> str:
        """The entry as one JSON line, keys sorted."""
        return json.dumps({**vars(self), "verdict": self.verdict.record()}, sort_keys=True)

    @classmethod
    def from_line(cls, line: str) -> "Entry":
        """Inverse of :meth:`line`."""
        record = json.loads(line)
        return cls(**{**record, "verdict": Verdict.from_record(record["verdict"])})


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Sorted by claim and world."""
    return sorted(entries, key=lambda entry: (entry.id, entry.world))


def write(path: Path, entries: Iterable[Entry]) -> None:
    """Write the ledger, and time and host beside it in ``<name>.meta.json``.

    :raises StorageError: the folder cannot be written.
    """
    make_folder(path.parent)
    write_atomic(path, "".join(f"{entry.line()}\n" for entry in in_order(entries)).encode())
    about = {"utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "host": platform.node()}
    write_atomic(path.with_suffix(".meta.json"), (json.dumps(about) + "\n").encode())


def read(path: Path) -> list[Entry]:
    """The entries of a ledger."""
    return [Entry.from_line(line) for line in path.read_text(encoding="utf-8").splitlines()]
