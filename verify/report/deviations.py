"""What we know and accept: verdicts other than SUPPORTED, each with its reason, in ``deviations.toml``."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path

from empirical.errors import GeomemError
from verify.judging.verdicts import Status

DEVIATIONS = Path(__file__).parents[1] / "deviations.toml"
# The id of an entry for all claims of a world that is declared and not recorded yet.
EVERY_CLAIM = "*"
ACCEPTABLE = {Status.SUPPORTED, Status.REFUTED, Status.INCONCLUSIVE, Status.UNTESTED}


class DeviationError(GeomemError):
    """An entry of deviations.toml that is wrong."""


@dataclass(frozen=True)
class Deviation:
    """One entry: the accepted statuses of a claim in a world, in the order the file has them, why, since when.

    id: of the claim; "*" for all of a world that is declared and not recorded yet, where they can only be UNTESTED.
    evidence: for a recorded world, the digest of the table (``table_sha256``) on which the verdict is known; on other
        evidence the entry says nothing.
    """

    id: str
    world: str
    accept: tuple[Status, ...]
    reason: str
    since: str
    evidence: str = ""


FIELDS = {field.name for field in fields(Deviation)}


def load(path: Path, registered: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Deviation]:
    """Read the entries and hold them against the registered (claim id, world) pairs.

    :raises DeviationError: an unknown key, status or pair, a missing reason, a pair given twice, an unreadable file.
    """
    try:
        return parse(path.read_text(encoding="utf-8"), path, registered)
    except OSError as error:
        raise DeviationError(f"cannot read {path}: {error.strerror}") from error


def parse(text: str, path: Path, registered: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Deviation]:
    """The entries of a text, as :func:`load` reads them; ``path`` is named in what is wrong."""
    try:
        entries = tomllib.loads(text).get("deviation", [])
    except tomllib.TOMLDecodeError as error:
        raise DeviationError(f"{path}: not valid TOML: {error}") from error
    if not isinstance(entries, list):
        raise DeviationError(f"{path}: write [[deviation]], one table for each entry")
    known, found = set(registered), {}
    for entry in entries:
        deviation = _read(entry, path)
        pair = (deviation.id, deviation.world)
        if pair not in known:
            raise DeviationError(f"{path}: {_unknown(pair, known)}")
        if pair in found:
            raise DeviationError(f"{path}: {pair[0]} in world {pair[1]} is registered twice; keep one entry")
        found[pair] = deviation
    return found


def _unknown(pair: tuple[str, str], known: Iterable[tuple[str, str]]) -> str:
    """What is wrong with an entry whose claim and world are not among those known."""
    if pair[0] == EVERY_CLAIM:
        return (
            f'"*" is for worlds that are declared and not recorded yet, which {pair[1]} is not; '
            "register its claims one by one: python -m verify accept"
        )
    near = get_close_matches("/".join(pair), ["/".join(one) for one in known], n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{pair[0]} in world {pair[1]} matches no registered claim{hint}"


def _read(entry: dict, path: Path) -> Deviation:
    unknown, missing = set(entry) - FIELDS, FIELDS - {"evidence"} - set(entry)
    if unknown or missing:
        raise DeviationError(f"{path}: entry {entry.get('id', '?')}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    if not str(entry["reason"]).strip():
        raise DeviationError(f"{path}: entry {entry['id']} needs a reason")
    try:
        accept = tuple(Status(word) for word in entry["accept"])
    except (ValueError, TypeError) as error:
        raise DeviationError(f"{path}: entry {entry['id']}: {error}; one of {sorted(ACCEPTABLE)}") from error
    if not accept or not set(accept) <= ACCEPTABLE:
        raise DeviationError(f"{path}: entry {entry['id']} may accept {sorted(ACCEPTABLE)}; BROKEN never")
    if {Status.SUPPORTED, Status.REFUTED} <= set(accept) and Status.INCONCLUSIVE not in accept:
        raise DeviationError(f"{path}: entry {entry['id']} accepts SUPPORTED and REFUTED, but not what lies between them")
    if entry["id"] == EVERY_CLAIM and set(accept) != {Status.UNTESTED}:
        raise DeviationError(
            f'{path}: entry "*" of {entry["world"]} may accept UNTESTED alone: nothing else can be known of it'
        )
    return Deviation(**{**entry, "accept": accept, "since": str(entry["since"])})
