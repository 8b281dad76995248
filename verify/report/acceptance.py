"""Registration of a verdict that is not SUPPORTED, with its reason, from the ledger."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import tomlkit

from empirical.errors import GeomemError, StorageError
from empirical.storage import write_atomic
from verify.judging.verdicts import Status
from verify.report import deviations
from verify.report.deviations import Deviation
from verify.report.ledger import Entry
from verify.written_commands import JUDGE


class Refusal(GeomemError):
    """A verdict was not registered; the message says why, and gives the next step."""


def judged(claim_id: str, world: str | None, verdicts: Mapping[tuple[str, str], Entry], source: Path) -> Entry:
    """The ledger's entry for a claim.

    :param world: None where the claim was judged in one world.
    :param verdicts: by (claim id, world), read from ``source``.
    :raises Refusal: there is no ledger, the claim is not in it, or it was judged in several worlds.
    """
    again = f"{JUDGE} --claim {claim_id}"
    if not verdicts:
        raise Refusal(f"{source} has no verdicts; judge the claim first: {again}")
    found = {place: entry for (id, place), entry in verdicts.items() if id == claim_id}
    if not found:
        raise Refusal(f"{source} has no verdict on {claim_id}; judge the claim first: {again}")
    if world is None and len(found) > 1:
        raise Refusal(f"{claim_id} was judged in {', '.join(found)}; add --world with one of them")
    place = world or next(iter(found))
    if place not in found:
        raise Refusal(
            f"{claim_id} was judged in {', '.join(found)}, not in {place}; judge the claim there: {again} --world {place}"
        )
    return found[place]


def acceptable(entry: Entry, reason: str) -> None:
    """Check that a verdict can be accepted with this reason.

    :raises Refusal: the verdict is never accepted, it needs no acceptance, or the reason is empty.
    """
    status, where = entry.verdict.status, f"{entry.id} in {entry.world}"
    if status == Status.BROKEN:
        raise Refusal(f"{where} is BROKEN, which is never accepted: {entry.verdict.reason}")
    if status == Status.SUPPORTED and entry.accepted:
        raise Refusal(f"{where} is SUPPORTED, which is always accepted; no entry is needed")
    if status == Status.SUPPORTED:
        raise Refusal(f"{where} is SUPPORTED, which its registered entry does not accept; delete the entry")
    if not reason.strip():
        raise Refusal(f"{where}: --reason is empty, but the next reader needs it; say why the verdict is what it is")


def register(deviation: Deviation, path: Path, registered: Iterable[tuple[str, str]]) -> str:
    """Write the deviation into the file and return the entry as written; it replaces an entry for the same claim and world.

    A file that does not exist is begun.

    :param registered: every (claim id, world) that exists.
    :raises DeviationError: the file is wrong before or after; it is unchanged.
    :raises Refusal: the file cannot be written.
    """
    known = list(registered)
    document = tomlkit.document()
    if path.exists():
        deviations.load(path, known)
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
    _enter(document, deviation)
    text = tomlkit.dumps(document)
    deviations.parse(text, path, known)
    try:
        write_atomic(path, text.encode())
    except StorageError as error:
        raise Refusal(f"cannot write {path}: {getattr(error.__cause__, 'strerror', error)}; the file is unchanged") from error
    deviations.load(path, known)
    return f"[[deviation]]\n{tomlkit.dumps(_fields(deviation))}"


def _enter(document: tomlkit.TOMLDocument, deviation: Deviation) -> None:
    entries = document.setdefault("deviation", tomlkit.aot())
    pair, fields = (deviation.id, deviation.world), _fields(deviation)
    table = next((entry for entry in entries if (entry["id"], entry["world"]) == pair), None)
    if table is None:
        if entries:
            entries[-1].add(tomlkit.nl())
        entries.append(tomlkit.item(fields))
        return
    table.update(fields)
    if "evidence" not in fields:
        table.pop("evidence", None)


def _fields(deviation: Deviation) -> dict:
    """The entry as TOML values, without the digest where the evidence is not recorded."""
    fields = {**vars(deviation), "accept": [str(status) for status in deviation.accept]}
    return {name: value for name, value in fields.items() if name != "evidence" or value}
