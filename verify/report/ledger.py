"""The ledger: every verdict of a run as sorted JSON lines, with the same bytes on one machine for any number of processes."""

import json
import platform
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from empirical import installation
from empirical.storage import make_folder, write_atomic
from verify.judging.verdicts import Verdict

LEDGER = Path(".geomem") / "ledger.jsonl"
# Raised when a line has other fields; lines of another schema are refused, because what they lack would be shown as missing.
SCHEMA = 2
DESCRIBE = ("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: a claim in a world, its verdict, whether it was accepted, and the registered reason.

    seed: of the drawn examples and of the networks; None for those that claims and worlds have of their own.
    evidence: the digest of the judged evidence, for a recorded world.
    objection: why the verdict is not accepted, or was not until it was judged again; "" where nothing is wrong with it.
    again: the verdict on a fresh draw, where the first one was not accepted; None elsewhere.
    judge: the version and the commit of the code that judged, or the digest of its sources.
    counterfeit: the verdict on the claim in its counterfeit, alone; None where the counterfeit was not judged.
    """

    id: str
    world: str
    verdict: Verdict
    accepted: bool
    registered: str
    statement: str
    seed: int | None
    evidence: str = ""
    objection: str = ""
    again: Verdict | None = None
    judge: str = ""
    counterfeit: Verdict | None = None

    def line(self) -> str:
        """The entry as one JSON line with sorted keys."""
        verdicts = {name: one and one.record() for name, one in self._verdicts().items()}
        return json.dumps({**vars(self), **verdicts, "schema": SCHEMA}, sort_keys=True)

    @classmethod
    def from_line(cls, line: str) -> "Entry":
        """The entry of a line that :meth:`line` made.

        :raises ValueError: the line has another schema.
        """
        record = json.loads(line)
        if (schema := record.pop("schema", 1)) != SCHEMA:
            raise ValueError(f"its lines have schema {schema}, and this version reads schema {SCHEMA}")
        found = {name: record[name] and Verdict.from_record(record[name]) for name in ("verdict", "again", "counterfeit")}
        return cls(**{**record, **found})

    def _verdicts(self) -> dict[str, Verdict | None]:
        return {"verdict": self.verdict, "again": self.again, "counterfeit": self.counterfeit}


@cache
def judge() -> str:
    """The version of the code and its commit, with "-dirty" where files were changed; "unknown" for what is not known.

    Code without a repository of its own, such as a wheel, has the digest of its sources in place of a commit.
    """
    if not installation.has_commit():
        return f"{installation.version()} {installation.without_commit()}"
    try:
        words = ["git", "-C", installation.ROOT, *DESCRIBE]
        found = subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        found = ""
    return f"{installation.version()} {found or 'unknown'}"


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
    write_atomic(_beside(path), (json.dumps(about) + "\n").encode())


def _beside(path: Path) -> Path:
    return path.with_suffix(".meta.json")


def written_on(path: Path) -> str:
    """The time at which a ledger was written, in UTC; "" where the file beside it does not say."""
    try:
        return str(json.loads(_beside(path).read_text(encoding="utf-8"))["utc"])
    except (OSError, ValueError, KeyError):
        return ""


def read(path: Path) -> list[Entry]:
    """The entries of a ledger."""
    return [Entry.from_line(line) for line in path.read_text(encoding="utf-8").splitlines()]
