"""The differences of two ledgers as tables: changed verdicts, rows that are gone or new, changed numbers."""

from collections.abc import Iterable

from verify.gate.differences import Differences, Moved
from verify.gate.sheets import Sheet
from verify.judging.verdicts import Level
from verify.report.ledger import Entry
from verify.report.long_board import measured

NOTHING = "no verdict changed"
# A page shows so many numbers; those that moved less are counted.
MOST = 40


def sheets(found: Differences, most: int | None = None) -> list[Sheet]:
    """A table for each kind of difference of which there is one; a heading alone where no verdict changed.

    :param most: how many of the numbers that moved furthest to show; None for all.
    """
    return [_turned(found), *_rows("gone", found.gone), *_rows("new", found.new), _numbers(found, most)]


def _turned(found: Differences) -> Sheet:
    n_turned = len(found.turned)
    rows = tuple(
        (new.id, new.world, old.verdict.status, _status(new), measured(old.verdict), measured(new.verdict))
        for old, new in found.turned
    )
    heading = f"verdicts that changed: {n_turned}" if n_turned else NOTHING
    columns = ("claim", "world", "before", "now", "measured before", "measured now")
    return Sheet(f"{heading}, of {found.n_rows} that both ledgers have", columns, rows, _legend(new for _, new in found.turned))


def _rows(word: str, entries: tuple[Entry, ...]) -> list[Sheet]:
    """The rows that one ledger has alone; no table where there are none."""
    rows = tuple((entry.id, entry.world, _status(entry), measured(entry.verdict)) for entry in entries)
    columns = ("claim", "world", "verdict", "measured")
    return [Sheet(f"verdicts that are {word}: {len(rows)}", columns, rows, _legend(entries))] if rows else []


def _status(entry: Entry) -> str:
    return f"{entry.verdict.status}{'' if entry.accepted else ' !'}"


def _legend(entries: Iterable[Entry]) -> str:
    return "" if all(entry.accepted for entry in entries) else "! marks a verdict that is not accepted"


def _numbers(found: Differences, most: int | None) -> Sheet:
    n_moved, shown = len(found.moved), found.moved[:most]
    notes = [f"{n_moved - len(shown)} more moved no further in standard errors" if len(shown) < n_moved else ""]
    notes += [f"judged on other evidence: {', '.join(found.other_evidence)}" if found.other_evidence else ""]
    columns = ("claim", "world", "number", "before", "now", "by", "in standard errors")
    heading = f"numbers that changed: {n_moved} of {found.n_numbers}"
    return Sheet(heading, columns, tuple(map(_number, shown)), "; ".join(filter(None, notes)))


def _number(one: Moved) -> tuple[str, ...]:
    by = "" if one.by is None else f"{one.by:+.2g}"
    in_errors = "" if one.in_errors is None else f"{one.in_errors:+.1f}"
    return (one.id, one.world, one.about, _level(one.before), _level(one.now), by, in_errors)


def _level(one: Level | None) -> str:
    return f"{one.value:.4g} +- {one.se:.2g}, n = {one.n}" if one else "none"
