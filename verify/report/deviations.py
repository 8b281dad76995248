"""The registered verdicts of ``deviations.toml``: accepted verdicts other than SUPPORTED, each with its reason."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path

from empirical.errors import GeomemError
from verify.judging.verdicts import Status

DEVIATIONS = Path(__file__).parents[1] / "deviations.toml"
ACCEPTABLE = {Status.SUPPORTED, Status.REFUTED, Status.INCONCLUSIVE, Status.UNTESTED}


class DeviationError(GeomemError):
    """An entry of deviations.toml is wrong; the message names the file and the entry."""


@dataclass(frozen=True)
class Deviation:
    """One entry: the accepted statuses of a claim in a world, in the order of the file, the reason and the date.

    evidence: for a recorded world, the digest of the evidence on which the verdict is known; the entry does not apply to other
        evidence.
    """

    id: str
    world: str
    accept: tuple[Status, ...]
    reason: str
    since: str
    evidence: str = ""


FIELDS = {field.name for field in fields(Deviation)}


def load(path: Path, registered: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Deviation]:
    """The entries of the file by (claim id, world), checked against the registered pairs.

    :raises DeviationError: the file cannot be read, an entry has an unknown key, status or pair, or no reason, or a pair occurs
        twice.
    """
    try:
        return parse(path.read_text(encoding="utf-8"), path, registered)
    except OSError as error:
        raise DeviationError(f"cannot read {path}: {error.strerror}") from error


def parse(text: str, path: Path, registered: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Deviation]:
    """The entries of a text, as :func:`load` reads them; error messages name ``path``."""
    try:
        entries = tomllib.loads(text).get("deviation", [])
    except tomllib.TOMLDecodeError as error:
        raise DeviationError(f"{path}: not valid TOML: {error}") from error
    if not isinstance(entries, list):
        raise DeviationError(f"{path}: [deviation] is a single table; write [[deviation]] for each entry")
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
    """Why an entry with an unknown claim and world is wrong."""
    known = list(known)
    near = get_close_matches("/".join(pair), ["/".join(one) for one in known], n=1)
    places = ", ".join(sorted(world for id, world in known if id == pair[0]))
    elsewhere = f"; {pair[0]} is judged in {places}" if places else ""
    hint = f"; did you mean {near[0]}?" if near else elsewhere
    return f"{pair[0]} in world {pair[1]} matches no registered claim{hint}"


def _read(entry: dict, path: Path) -> Deviation:
    unknown, missing = set(entry) - FIELDS, FIELDS - {"evidence"} - set(entry)
    if unknown or missing:
        raise DeviationError(
            f"{path}: entry {entry.get('id', '?')}: unknown fields {sorted(unknown)}, missing fields {sorted(missing)}"
        )
    if not str(entry["reason"]).strip():
        raise DeviationError(f"{path}: entry {entry['id']} has an empty reason; say why its verdict is accepted")
    try:
        accept = tuple(Status(word) for word in entry["accept"])
    except (ValueError, TypeError) as error:
        raise DeviationError(
            f"{path}: entry {entry['id']}: {error}; name one or more of {', '.join(sorted(ACCEPTABLE))}"
        ) from error
    if not accept or not set(accept) <= ACCEPTABLE:
        raise DeviationError(
            f"{path}: entry {entry['id']} accepts {', '.join(accept) or 'nothing'}; "
            f"name one or more of {', '.join(sorted(ACCEPTABLE))}; BROKEN is never accepted"
        )
    if {Status.SUPPORTED, Status.REFUTED} <= set(accept):
        raise DeviationError(
            f"{path}: entry {entry['id']} accepts SUPPORTED and REFUTED, so that it notices nothing; accept one of them alone, "
            "or with INCONCLUSIVE"
        )
    return Deviation(**{**entry, "accept": accept, "since": str(entry["since"])})
