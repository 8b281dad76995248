"""The numbers of registered verdicts, ``pins.jsonl``: what changes is noticed, SUPPORTED rows included.

A recorded row is pinned by the digest of its evidence, its status and its numbers, which only a change of code can move. A live
row is pinned by its numbers: they may move as much as those of other networks of the same kind.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from empirical.errors import GeomemError
from empirical.storage import write_atomic
from verify.judging.verdicts import Level, Status, Verdict
from verify.report.ledger import Entry
from verify.written_commands import PIN

PINS = Path(__file__).parents[1] / "pins.jsonl"
# The probability that a live number moves further by chance; ten thousand numbers stay below 1e-3.
ALARM = 1e-7
# Numbers are kept to so many digits. Those that no chance moves may differ by one in the last digit.
DIGITS = 7
ROUNDING = 10.0 ** (1 - DIGITS)


class PinError(GeomemError):
    """The file of pins cannot be read; the message names the file and the line."""


@dataclass(frozen=True)
class Pin:
    """A registered verdict with its numbers, which are those of :func:`numbers`.

    evidence: the digest of the evidence, for a recorded world. reason: why it was pinned. since: the date.
    """

    id: str
    world: str
    status: str
    numbers: tuple[Level, ...]
    evidence: str
    reason: str
    since: str


Pins = Mapping[tuple[str, str], Pin]


def load(path: Path) -> dict[tuple[str, str], Pin]:
    """The pins of a file, by (claim id, world); none where there is no file.

    :raises PinError: a line is no pin.
    """
    if not path.exists():
        return {}
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            record = json.loads(line)
            pin = Pin(**{**record, "numbers": tuple(Level(*one) for one in record["numbers"])})
        except (ValueError, TypeError, KeyError) as error:
            raise PinError(f"{path}, line {number} is no pin ({error}); restore the file, or pin again: {PIN}") from error
        found[pin.id, pin.world] = pin
    return found


def write(path: Path, pins: Iterable[Pin]) -> None:
    """Write pins, one line each, sorted by claim and world; :raises StorageError: the file cannot be written."""
    lines = [json.dumps(asdict(pin), sort_keys=True) for pin in sorted(pins, key=lambda pin: (pin.id, pin.world))]
    write_atomic(path, "".join(f"{line}\n" for line in lines).encode())


def pinned(entry: Entry, reason: str, since: str) -> Pin:
    """The pin of a verdict in the ledger."""
    found = numbers(entry.verdict, bool(entry.evidence))
    return Pin(entry.id, entry.world, entry.verdict.status, found, entry.evidence, reason, since)


def renewed(pins: Pins, entries: Iterable[Entry], reason: str, since: str) -> dict[tuple[str, str], Pin]:
    """The pins, with those of the entries in place of older ones; a BROKEN or UNTESTED entry has nothing to pin."""
    judged = [entry for entry in entries if entry.verdict.status not in (Status.BROKEN, Status.UNTESTED)]
    return {**pins, **{(entry.id, entry.world): pinned(entry, reason, since) for entry in judged}}


def differences(before: Pins, after: Pins) -> list[str]:
    """A line for each pin that is new, gone or of another status, and one that counts the parts whose numbers changed."""
    lines = [f"{id} in {world}: no longer pinned" for id, world in before.keys() - after.keys()]
    for pair, pin in after.items():
        then = before[pair].status if pair in before else "not pinned"
        lines += [f"{pin.id} in {pin.world}: {then} -> {pin.status}"] if then != pin.status else []
    changed = sum(len(_changed(pin, before[pair])) for pair, pin in after.items() if pair in before)
    return [*sorted(lines), f"{changed} number{'' if changed == 1 else 's'} changed"]


def _changed(pin: Pin, before: Pin) -> set[str]:
    """The names of the parts whose numbers are new, gone or others."""
    return {one.about for one in set(pin.numbers) ^ set(before.numbers)}


def numbers(verdict: Verdict, recorded: bool) -> tuple[Level, ...]:
    """The estimates over networks of a verdict's parts, and in live worlds the levels of what it read, to seven digits.

    Recorded levels are pinned by the digest. Verdicts on drawn examples have no numbers, because every run draws others.
    """
    if verdict.examples:
        return ()
    parts = [
        Level(part.about, part.value, part.se, part.n)
        for part in verdict.parts or (verdict,)
        if part.value is not None and part.se is not None
    ]
    return tuple(
        one._replace(value=_rounded(one.value), se=_rounded(one.se)) for one in (*parts, *(() if recorded else verdict.levels))
    )


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def moved(verdict: Verdict, evidence: str, pin: Pin) -> str:
    """How a verdict differs from its pin, in words; "" where it does not.

    :param evidence: the digest of the recorded evidence; "" for a live world.
    """
    if evidence != pin.evidence:
        return f"registered for other evidence: digest {pin.evidence[:12] or 'none'}, now {evidence[:12] or 'none'}"
    if _asked(verdict.status) != _asked(pin.status) or (evidence and verdict.status != pin.status):
        return f"was {pin.status} when it was registered on {pin.since}"
    now, then = numbers(verdict, bool(evidence)), pin.numbers
    if verdict.chosen and not evidence:
        now, then = _in_both(now, then)
    if [one.about for one in now] != [one.about for one in then]:
        return "its parts are not those that were registered"
    far = far_recorded if evidence else far_live
    return "; ".join(_words(one, other) for one, other in zip(now, then, strict=True) if far(one, other))


def _in_both(now: Iterable[Level], then: Iterable[Level]) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
    """The numbers that have the same name: other networks may have other parts, where networks decide which there are."""
    names = {one.about for one in now} & {one.about for one in then}
    shared = (tuple(one for one in found if one.about in names) for found in (now, then))
    return next(shared), next(shared)


def _asked(status: str) -> bool:
    return status != Status.NOT_ASKED


def far_recorded(now: Level, then: Level) -> bool:
    return _is_far(now, then, ROUNDING * max(abs(then.value), then.se, ROUNDING))


def far_live(now: Level, then: Level) -> bool:
    """Whether a number moved further than the difference of two sets of networks does, once in ten million."""
    error = float(np.hypot(now.se, then.se))
    reach = float(stats.t.isf(ALARM / 2, max(now.n + then.n - 2, 1)))
    # Numbers that no network changes differ by rounding alone.
    return _is_far(now, then, reach * error + ROUNDING * abs(then.value))


def _is_far(now: Level, then: Level, reach: float) -> bool:
    """Whether a number is further than ``reach`` from what it was; one that is no number is far from every number."""
    same = now.value == then.value or (np.isnan(now.value) and np.isnan(then.value))
    return not (same or abs(now.value - then.value) <= reach)


def _words(now: Level, then: Level) -> str:
    about = f"{now.about}: " if now.about else ""
    return f"{about}{now.value:.4g} +- {now.se:.2g}, registered {then.value:.4g} +- {then.se:.2g}"
