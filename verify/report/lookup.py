"""Claims by id, paper and world, and what the last ledger says of them."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from empirical.errors import GeomemError
from verify.registry import THEORY, Claim
from verify.report import ledger
from verify.report.deviations import EVERY_CLAIM
from verify.report.ledger import Entry
from verify.worlds.world import State, World


class LookupFailed(GeomemError):
    """A name that nothing has; the message lists the nearest."""


def named(text: str, registry: Mapping[str, Claim]) -> list[Claim]:
    """The claim of this id, or all whose id continues it after a dot: "S-17" is S-17.batch, S-17.eval, ...

    :raises LookupFailed: there is none.
    """
    wanted = f"{text.upper()}."
    found = [claim for id, claim in registry.items() if f"{id.upper()}.".startswith(wanted)]
    if not found:
        names = dict.fromkeys(name for id in registry for name in (id, id.split(".")[0]))
        near = get_close_matches(text.upper(), names, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "python -m verify list shows them all"
        raise LookupFailed(f"no claim {text}; {hint}")
    return in_order(found)


def exactly(text: str, registry: Mapping[str, Claim]) -> Claim:
    """The claim of this id.

    :raises LookupFailed: none, or several.
    """
    found = named(text, registry)
    if len(found) > 1:
        raise LookupFailed(f"{text} is {', '.join(claim.id for claim in found)}; name one of them")
    return found[0]


def among(name: str, what: str, known: Iterable[str]) -> str:
    """The name, when it is known.

    :param what: a word for such names, "world" or "paper".
    :raises LookupFailed: the message lists those known.
    """
    if name not in set(known):
        raise LookupFailed(f"no {what} {name}; known: {', '.join(known)}")
    return name


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """Claims by id, numbers as numbers."""

    def parts(claim: Claim) -> list[int | str]:
        return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", claim.id)]

    return sorted(claims, key=parts)


def worlds_of(claim: Claim, worlds: Mapping[str, World]) -> list[str]:
    """The worlds a claim is judged in; ``worlds`` are those networks live in, by name."""
    return [name for name, world in worlds.items() if world.asks(claim)] if claim.needs else [THEORY]


def pairs(registry: Mapping[str, Claim], worlds: Mapping[str, World]) -> list[tuple[str, str]]:
    """Every (claim id, world) there is; and of a world that is not recorded yet (:data:`EVERY_CLAIM`, world) too."""
    found = [(claim.id, world) for claim in registry.values() for world in worlds_of(claim, worlds)]
    return found + [(EVERY_CLAIM, name) for name, world in worlds.items() if world.state is State.MISSING]


def last_verdicts(path: Path) -> dict[tuple[str, str], Entry]:
    """The ledger's entries by (claim id, world); none where there is no ledger.

    :raises LookupFailed: the file is no ledger.
    """
    if not path.exists():
        return {}
    try:
        return {(entry.id, entry.world): entry for entry in ledger.read(path)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LookupFailed(f"{path} is not a ledger of this version ({error}); pytest verify/ writes one") from error
