"""What changed between two ledgers: verdicts of another status, rows that are new or gone, and numbers."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from empirical.errors import GeomemError
from verify.judging.verdicts import Level
from verify.report import ledger, lookup, pins
from verify.report.ledger import Entry
from verify.written_commands import JUDGE

Judged = Mapping[tuple[str, str], Entry]


class LedgerError(GeomemError):
    """There is no ledger to compare; the message names the file and says how to write one."""


@dataclass(frozen=True)
class Moved:
    """A number that changed, of the part ``about`` of a claim in a world; None on the side that lacks it."""

    id: str
    world: str
    about: str
    before: Level | None
    now: Level | None

    @property
    def by(self) -> float | None:
        """How far the value moved; None where one side lacks it."""
        return self.now.value - self.before.value if self.before and self.now else None

    @property
    def in_errors(self) -> float | None:
        """How far it moved in standard errors of the difference of two independent estimates; None where there is none."""
        error = math.hypot(self.before.se, self.now.se) if self.before and self.now else 0.0
        return self.by / error if error and self.by is not None else None


@dataclass(frozen=True)
class Differences:
    """What changed from one ledger to another.

    turned: the entries of another status, before and now.
    gone, new: the entries that only the earlier and only the later ledger has.
    moved: the numbers that changed, furthest first in standard errors, after those that one ledger lacks.
    n_rows, n_numbers: how many rows both ledgers have, and how many numbers the later one has in them.
    other_evidence: the worlds in which a claim was judged on other evidence.
    """

    turned: tuple[tuple[Entry, Entry], ...]
    gone: tuple[Entry, ...]
    new: tuple[Entry, ...]
    moved: tuple[Moved, ...]
    n_rows: int
    n_numbers: int
    other_evidence: tuple[str, ...]

    @property
    def is_change_of_status(self) -> bool:
        """Whether a verdict that was there is gone or has another status."""
        return bool(self.turned or self.gone)


def read(path: Path) -> Judged:
    """The entries of a ledger by (claim id, world), of which there must be some.

    :raises LedgerError: there is no such file, or no verdict in it.
    :raises LookupFailed: the file is no ledger of this version.
    """
    if not path.exists():
        raise LedgerError(f"there is no ledger {path}; write it: {JUDGE} --ledger {path}")
    if not (found := lookup.last_verdicts(path)):
        raise LedgerError(f"{path} has no verdicts; write it again: {JUDGE} --ledger {path}")
    return found


def differences(before: Judged, now: Judged) -> Differences:
    """What changed from one ledger to another; rows are in the order of claims and worlds."""
    both = [(before[entry.id, entry.world], entry) for entry in _in_order(now) if (entry.id, entry.world) in before]
    moved = [one for old, new in both for one in _moved(old, new)]
    return Differences(
        turned=tuple((old, new) for old, new in both if old.verdict.status != new.verdict.status),
        gone=tuple(entry for entry in _in_order(before) if (entry.id, entry.world) not in now),
        new=tuple(entry for entry in _in_order(now) if (entry.id, entry.world) not in before),
        moved=tuple(sorted(moved, key=_nearness)),
        n_rows=len(both),
        n_numbers=sum(len(_numbers(new, _any_recorded(old, new))) for old, new in both),
        other_evidence=tuple(dict.fromkeys(new.world for old, new in both if old.evidence != new.evidence)),
    )


def _in_order(judged: Judged) -> list[Entry]:
    return ledger.in_order(judged.values())


def _moved(old: Entry, new: Entry) -> list[Moved]:
    """The numbers of one claim in one world that changed."""
    recorded = _any_recorded(old, new)
    before, now = _numbers(old, recorded), _numbers(new, recorded)
    pairs = [(key[0], before.get(key), now.get(key)) for key in dict.fromkeys([*before, *now])]
    return [Moved(new.id, new.world, about, then, here) for about, then, here in pairs if _is_other(then, here)]


def _any_recorded(old: Entry, new: Entry) -> bool:
    return bool(old.evidence or new.evidence)


def _numbers(entry: Entry, recorded: bool) -> dict[tuple[str, int], Level]:
    """The numbers that pins keep, by name; those that share a name are told apart by their order."""
    named: dict[str, list[Level]] = defaultdict(list)
    for one in pins.numbers(entry.verdict, recorded):
        named[one.about].append(one)
    return {(about, place): one for about, found in named.items() for place, one in enumerate(found)}


def _is_other(then: Level | None, now: Level | None) -> bool:
    """Whether a number differs by more than rounding, in its value, its standard error or its n."""
    if then is None or now is None:
        return True
    errors = (one._replace(value=one.se) for one in (now, then))
    return now.n != then.n or _is_far(now, then) or _is_far(*errors)


def _is_far(now: Level, then: Level) -> bool:
    if math.isnan(now.value) or math.isnan(then.value):
        return math.isnan(now.value) != math.isnan(then.value)
    return pins.far_recorded(now, then)


def _nearness(one: Moved) -> float:
    return -math.inf if one.by is None else -abs(one.in_errors or 0.0)
