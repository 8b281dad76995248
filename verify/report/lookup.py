"""Claims by id, paper and world, and the verdicts of the last ledger."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from empirical.errors import GeomemError, near_or_all
from verify.registry import THEORY, Claim
from verify.report import ledger
from verify.report.ledger import Entry
from verify.worlds.world import State, World
from verify.written_commands import JUDGE, LIST


class LookupFailed(GeomemError):
    """No claim, paper or world has the given name; the message lists near names."""


def named(text: str, registry: Mapping[str, Claim]) -> list[Claim]:
    """The claim of this id; if there is none, all claims whose id continues it after a dot: "S-17" means S-17.batch, ...

    :raises LookupFailed: there is no such claim.
    """
    exact = [claim for id, claim in registry.items() if id.upper() == text.upper()]
    found = exact or continuing(text, registry)
    if not found:
        names = dict.fromkeys(name for id in registry for name in (id, id.split(".")[0]))
        near = get_close_matches(text.upper(), names, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"{LIST} shows them all"
        raise LookupFailed(f"there is no claim {text}; {hint}")
    return in_order(found)


def continuing(text: str, registry: Mapping[str, Claim]) -> list[Claim]:
    """The claims whose id continues this one after a dot, in the order of their ids."""
    return in_order(claim for id, claim in registry.items() if id.upper().startswith(f"{text.upper()}."))


def exactly(text: str, registry: Mapping[str, Claim]) -> Claim:
    """The claim of this id.

    :raises LookupFailed: there is no such claim; the message lists those whose id continues it, or near ids.
    """
    found = named(text, registry)
    if found[0].id.upper() != text.upper():
        raise LookupFailed(f"{text} means {', '.join(claim.id for claim in found)}; name one of them")
    return found[0]


def among(name: str, what: str, known: Iterable[str]) -> str:
    """The name, if it is known.

    :param what: the kind of name, "world" or "paper".
    :raises LookupFailed: the name is unknown; the message lists the names that are near, or all.
    """
    known = list(known)
    if name not in known:
        raise LookupFailed(f"there is no {what} {name}; {near_or_all(name, known)}")
    return name


def in_part(name: str, what: str, known: Iterable[str]) -> str:
    """The name, or the one known name of which it is a part: "zhang" means zhang2020; raises as :func:`among`."""
    known = list(known)
    found = [one for one in known if name.lower() in one.lower()]
    if name in known or not found:
        return among(name, what, known)
    if len(found) > 1:
        raise LookupFailed(f"{what} {name} means {' or '.join(found)}; name one of them")
    return found[0]


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """The claims sorted by id; numbers are sorted as numbers."""

    def parts(claim: Claim) -> list[int | str]:
        return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", claim.id)]

    return sorted(claims, key=parts)


def worlds_of(claim: Claim, worlds: Mapping[str, World]) -> list[str]:
    """The names of the worlds in which a claim is judged; ``worlds`` are the worlds of trained networks, by name."""
    return [name for name, world in worlds.items() if world.asks(claim)] if claim.needs else [THEORY]


def pairs(registry: Mapping[str, Claim], worlds: Mapping[str, World]) -> list[tuple[str, str]]:
    """Every (claim id, world) that can have a verdict."""
    judged = {name: world for name, world in worlds.items() if world.state is not State.MISSING}
    return [(claim.id, world) for claim in registry.values() for world in worlds_of(claim, judged)]


def last_verdicts(path: Path) -> dict[tuple[str, str], Entry]:
    """The entries of a ledger by (claim id, world); empty where the file does not exist.

    :raises LookupFailed: the file is not a ledger.
    """
    if not path.exists():
        return {}
    try:
        return {(entry.id, entry.world): entry for entry in ledger.read(path)}
    except KeyError as error:
        raise LookupFailed(
            f"{path} is not a ledger of this version: a line has no {error}; write a new one: {JUDGE}"
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise LookupFailed(f"{path} is not a ledger of this version ({error}); write a new one: {JUDGE}") from error
