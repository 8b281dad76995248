"""Registering a verdict that is not SUPPORTED, with its reason, as the ledger has it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import tomlkit

from empirical.errors import GeomemError, StorageError
from empirical.storage import write_atomic
from verify.judging.verdicts import Status
from verify.report import deviations
from verify.report.deviations import Deviation
from verify.report.ledger import Entry


class Refusal(GeomemError):
    """A verdict that is not registered; the message says why, and the next step."""


def judged(claim_id: str, world: str | None, verdicts: Mapping[tuple[str, str], Entry], source: Path) -> Entry:
    """The ledger's verdict that is meant.

    :param world: None where the claim was judged in one world only.
    :param verdicts: by (claim id, world), read from ``source``.
    :raises Refusal: no ledger, no such claim in it, or several worlds.
    """
    again = f"pytest verify/ -k {claim_id}"
    if not verdicts:
        raise Refusal(f"no verdicts in {source}; judge first: {again}")
    found = {place: entry for (id, place), entry in verdicts.items() if id == claim_id}
    if not found:
        raise Refusal(f"{claim_id} is not in {source}; judge it first: {again}")
    if world is None and len(found) > 1:
        raise Refusal(f"{claim_id} was judged in {', '.join(found)}; add --world with one of them")
    place = world or next(iter(found))
    if place not in found:
        raise Refusal(f"{claim_id} was judged in {', '.join(found)}, not in {place}; judge it there: {again} --world {place}")
    return found[place]


def acceptable(entry: Entry, reason: str) -> None:
    """:raises Refusal: a verdict that is never accepted, or needs no acceptance, or no reason."""
    status, where = entry.verdict.status, f"{entry.id} in {entry.world}"
    if status == Status.BROKEN:
        raise Refusal(f"{where} is BROKEN, which is never accepted: {entry.verdict.reason}")
    if status == Status.SUPPORTED and entry.accepted:
        raise Refusal(f"{where} is SUPPORTED: there is nothing to accept")
    if status == Status.SUPPORTED:
        raise Refusal(f"{where} is SUPPORTED, against its registered entry; delete the entry")
    if not reason.strip():
        raise Refusal(f"{where}: --reason is empty; say why the verdict is what it is, for the next reader")


def register(deviation: Deviation, path: Path, registered: Iterable[tuple[str, str]]) -> str:
    """Write the deviation into the file, in place of an earlier one for the same pair; the rest stays as it is.

    :param registered: every (claim id, world) there is.
    :returns: the entry as written.
    :raises DeviationError: the file is wrong, before or after; it is as it was.
    :raises Refusal: the file cannot be written.
    """
    known = list(registered)
    deviations.load(path, known)
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    _enter(document, deviation)
    text = tomlkit.dumps(document)
    deviations.parse(text, path, known)
    try:
        write_atomic(path, text.encode())
    except StorageError as error:
        raise Refusal(f"cannot write {path}: {getattr(error.__cause__, 'strerror', error)}; it is as it was") from error
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
    """The entry as TOML values; only recorded evidence has a digest."""
    fields = {**vars(deviation), "accept": [str(status) for status in deviation.accept]}
    return {name: value for name, value in fields.items() if name != "evidence" or value}
