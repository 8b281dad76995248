"""The verdicts that a run must find, ``--require S-07@digits=SUPPORTED``, and whether it found them."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from empirical.errors import GeomemError
from verify.judging.verdicts import Status
from verify.registry import THEORY, Claim
from verify.report import lookup
from verify.report.ledger import Entry
from verify.report.long_board import measured
from verify.worlds.world import EVIDENCE, State, World
from verify.written_commands import JUDGE, record

FORM = "CLAIM@WORLD=STATUS, as in S-07@digits=SUPPORTED"


class RequirementError(GeomemError):
    """A requirement that no run can meet; the message says what is wrong with it."""


@dataclass(frozen=True)
class Requirement:
    """The status that the verdict on a claim in a world must have."""

    id: str
    world: str
    status: Status

    def __str__(self) -> str:
        """The requirement as it is written on the command line."""
        return f"{self.id}@{self.world}={self.status.name}"

    def entry(self, entries: Iterable[Entry]) -> Entry | None:
        """The entry of the claim in the world; None where it was not judged."""
        return next((entry for entry in entries if (entry.id, entry.world) == (self.id, self.world)), None)

    def is_met(self, entries: Iterable[Entry]) -> bool:
        """Whether the verdict has the status; a verdict that was judged again counts with its fresh draw too."""
        entry = self.entry(entries)
        return entry is not None and self.status in (entry.verdict.status, entry.again and entry.again.status)


def read(texts: Iterable[str], registry: Mapping[str, Claim], worlds: Mapping[str, World]) -> tuple[Requirement, ...]:
    """The requirements of a command line, each once.

    :raises RequirementError: a text has another form or an unknown status, a world is never asked the claim, or two texts
        contradict each other. :raises LookupFailed: there is no such claim or world.
    """
    found: dict[tuple[str, str], Requirement] = {}
    for one in (_read(text, registry, worlds) for text in texts):
        other = found.setdefault((one.id, one.world), one)
        if other != one:
            raise RequirementError(f"{other} and {one} contradict each other; require one of them")
    return tuple(found.values())


def _read(text: str, registry: Mapping[str, Claim], worlds: Mapping[str, World]) -> Requirement:
    id, _, rest = text.partition("@")
    world, _, status = rest.rpartition("=")
    if not (id and world and status):
        raise RequirementError(f"{text} is no requirement; write {FORM}")
    claim = lookup.exactly(id.strip(), registry)
    world = lookup.among(world.strip(), "world", [THEORY, *worlds])
    wanted = _status(status)
    if world not in (asked := lookup.worlds_of(claim, worlds)):
        raise RequirementError(f"{claim.id} is never judged in {world}; it is judged in {', '.join(asked) or 'no world'}")
    return Requirement(claim.id, world, wanted)


def _status(text: str) -> Status:
    """The status of that name, in letters of any size, and with "_" or a space in NOT ASKED."""
    name = text.strip().upper().replace(" ", "_")
    if name in Status.__members__:
        return Status[name]
    near = get_close_matches(name, Status.__members__, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise RequirementError(f"there is no status {text}; known: {', '.join(Status.__members__)}{hint}")


def told(one: Requirement, entries: Iterable[Entry], worlds: Mapping[str, World], evidence: Path = EVIDENCE) -> str:
    """What was required and what was found, in one line; how to judge it where it was not judged.

    :param evidence: the folder of recorded bundles that was judged.
    """
    return f"required {one}: {_found(one.entry(entries)) or _not_judged(one, worlds, evidence)}"


def _found(entry: Entry | None) -> str:
    """The verdict, with its numbers or its reason, and that of the fresh draw; "" where there is none."""
    if entry is None:
        return ""
    verdicts = [entry.verdict, *filter(None, [entry.again])]
    return "found " + "; on a fresh draw ".join(f"{one.status} ({measured(one)})" for one in verdicts)


def _not_judged(one: Requirement, worlds: Mapping[str, World], evidence: Path) -> str:
    if one.world in worlds and worlds[one.world].state is State.MISSING:
        return f"not judged, because {one.world} is not recorded; record it: {record(one.world)}"
    words = [*JUDGE.split(), "--claim", one.id, "--world", one.world]
    words += [] if evidence == EVIDENCE else ["--evidence", str(evidence)]
    return f"not judged, because this run left it out; judge it: {shlex.join(words)}"
