"""The verdicts of earlier commits: one line for each commit whose verdicts were recorded, with only those that changed."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from empirical.errors import GeomemError
from empirical.storage import write_atomic
from verify.report.ledger import Entry
from verify.written_commands import JUDGE

HISTORY = Path(__file__).parents[1] / "history.jsonl"
# Numbers are kept to so many digits: chance on other machines moves the later ones.
DIGITS = 3
Pair = tuple[str, str]


class HistoryError(GeomemError):
    """The history cannot be read or continued; the message says why."""


@dataclass(frozen=True)
class Moment:
    """The verdicts that were new or had changed at a commit: (claim id, world, status, value or None) each.

    judge: version and commit. date: of the ledger.
    """

    judge: str
    date: str
    verdicts: tuple[tuple[str, str, str, float | None], ...]


def load(path: Path) -> list[Moment]:
    """The moments of a history, from old to new; none where there is no file.

    :raises HistoryError: a line is no moment.
    """
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [_moment(json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise HistoryError(f"{path} is no history ({error}); restore the file") from error


def _moment(record: dict) -> Moment:
    verdicts = tuple((str(id), str(world), str(status), value) for id, world, status, value in record["verdicts"])
    return Moment(record["judge"], record["date"], verdicts)


def continued(moments: list[Moment], entries: Iterable[Entry], date: str) -> Moment:
    """The moment of a ledger's verdicts.

    :raises HistoryError: the ledger was judged at several commits, at none that is known, or at one that is recorded already.
    """
    entries = list(entries)
    (judge, *others) = sorted({entry.judge for entry in entries}) or [""]
    if others or not judge or judge.endswith(("unknown", "-dirty")):
        found = ", ".join(filter(None, (judge, *others))) or "no commit"
        raise HistoryError(f"the ledger was judged by {found}; commit the code and judge again: {JUDGE}")
    if any(moment.judge == judge for moment in moments):
        raise HistoryError(f"the verdicts of {judge} are in the history already")
    last = known(moments)
    return Moment(judge, date, tuple(row for row in map(_row, entries) if last.get((row[0], row[1])) != row[2:]))


def _row(entry: Entry) -> tuple[str, str, str, float | None]:
    value = entry.verdict.value
    return entry.id, entry.world, str(entry.verdict.status), None if value is None else float(f"{value:.{DIGITS}g}")


def known(moments: Iterable[Moment]) -> dict[Pair, tuple[str, float | None]]:
    """The last status and value of every claim and world."""
    return {(id, world): (status, value) for moment in moments for id, world, status, value in moment.verdicts}


def append(path: Path, moment: Moment) -> None:
    """Add a moment to the file; :raises StorageError: the file cannot be written."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    write_atomic(path, f"{before}{json.dumps(asdict(moment), sort_keys=True)}\n".encode())


def of_claim(moments: Iterable[Moment], id: str) -> dict[str, list[tuple[Moment, str]]]:
    """The status of a claim at every moment, by world; "" before it was first judged there."""
    moments, found = list(moments), {}
    for number, moment in enumerate(moments):
        for world, status in ((world, status) for one, world, status, _ in moment.verdicts if one == id):
            found.setdefault(world, [""] * len(moments))[number:] = [status] * (len(moments) - number)
    return {world: list(zip(moments, statuses, strict=True)) for world, statuses in sorted(found.items())}
