"""A bundle of evidence: a folder with a table and its manifest, sealed so that every edit is detected."""

import gzip
import hashlib
import json
import math
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from empirical.errors import EvidenceMissing, StorageError
from empirical.evidence.measurement import Measurement, TableError, parse_table, rounded, table_text
from empirical.runs.network_numbers import words
from empirical.storage import make_folder, write_atomic

# Compressed, tables take a twelfth of the space, and a repository can hold the evidence of many worlds.
TABLE, MANIFEST = "table.csv.gz", "manifest.json"
# A table under this name is that of the manifest beside it where the program was killed before the table had its own name.
NEXT = "table.next.csv.gz"
# The name of tables that were written before they were compressed; the manifest is the same.
PLAIN = "table.csv"
# Version of the manifest and of the table's columns; a reader reads no other version.
SCHEMA = 2
AGAIN = "restore it, or delete its folder and make the bundle again"


@dataclass(frozen=True)
class Bundle:
    """The content of a bundle: measurements, how they were made, and what is wrong with them.

    manifest: the manifest as it was read.
    rows: the measurements.
    broken: (quantity, group) -> reason, for slices with missing or edited rows or with a failed check.
    """

    manifest: dict
    rows: tuple[Measurement, ...]
    broken: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of the table as it was written."""
        return self.manifest["table_sha256"]


def is_made(folder: Path) -> bool:
    """Whether the folder has a bundle. An edited bundle counts: it is reported and never replaced silently."""
    return (folder / MANIFEST).is_file()


def read_bundle(folder: Path) -> Bundle:
    """The bundle in a folder, after a comparison of each slice of its table with the recorded digest.

    Rows that were edited, added or removed break their own slice (quantity, group) and no other slice.

    :raises EvidenceMissing: the folder has no bundle.
    :raises TableError: the manifest was edited, or a file cannot be read.
    """
    manifest = read_manifest(folder)
    table = table_file(folder, manifest)
    text = _text(table)
    rows = parse_table(text, str(table))
    return Bundle(manifest, rows, _broken(manifest, rows, table, _sha(text) == manifest["table_sha256"]))


def table_file(folder: Path, manifest: dict) -> Path:
    """The file of a manifest's table: ``table.csv.gz``, or ``table.csv`` in a bundle made before tables were compressed.

    It has another name only where :func:`write_bundle` was killed when its table was about to be renamed.
    """
    files = [path for path in (folder / TABLE, folder / NEXT, folder / PLAIN) if path.is_file()]
    return next((path for path in files if table_sha256(path) == manifest["table_sha256"]), next(iter(files), folder / TABLE))


def table_sha256(path: Path) -> str:
    """SHA-256 of the text of a table, in hexadecimal digits: the same whether it is compressed or not.

    :raises TableError: the file cannot be read.
    """
    return _sha(_text(path))


def read_manifest(folder: Path) -> dict:
    """The manifest of a bundle, after a check of its seal; the errors are those of :func:`read_bundle`."""
    if not (folder / MANIFEST).is_file():
        raise EvidenceMissing(f"{folder} has no bundle; make it: python -m empirical bundle RUN")
    try:
        manifest = json.loads(_text(folder / MANIFEST))
    except (ValueError, RecursionError) as error:
        raise TableError(f"{folder / MANIFEST} is not valid JSON: {error}; {AGAIN}") from error
    if not isinstance(manifest, dict) or manifest.get("manifest_sha256") != _seal(manifest):
        raise TableError(f"{folder / MANIFEST} was edited: its content does not have its recorded digest; {AGAIN}")
    if manifest["schema"] != SCHEMA:
        raise TableError(
            f"{folder} has schema {manifest['schema']}, and this version reads {SCHEMA}; read it with the version that wrote it"
        )
    return manifest


def write_bundle(folder: Path, manifest: dict, rows: Iterable[Measurement]) -> None:
    """Write a table, with rounded numbers, and its manifest, in place of those that are there.

    The manifest decides which table counts, and the earlier table stays until the new manifest is written: a reader finds the
    earlier bundle or the new one, wherever this is killed.
    """
    rows = sorted(map(rounded, rows), key=lambda row: (row.network, row.epoch, row.quantity, row.group, row.choice, row.layer))
    text = table_text(rows)
    sealed = {
        **manifest,
        "schema": SCHEMA,
        "table_sha256": _sha(text),
        "slices": {f"{quantity}/{group}": sha for (quantity, group), sha in _slices(rows).items()},
    }
    sealed["manifest_sha256"] = _seal(sealed)
    make_folder(folder)
    _settle(folder)
    write_atomic(folder / NEXT, _compressed(text))
    write_atomic(folder / MANIFEST, (json.dumps(sealed, indent=1, sort_keys=True) + "\n").encode())
    _settle(folder)


def _settle(folder: Path) -> None:
    """Put the table of the bundle in its place, and nothing beside it; what cannot be read is left."""
    with suppress(EvidenceMissing, TableError):
        if (table := table_file(folder, read_manifest(folder))) != folder / TABLE:
            write_atomic(folder / TABLE, _compressed(_text(table)))
        for name in (NEXT, PLAIN):
            (folder / name).unlink(missing_ok=True)


def record(bundle: Path, folder: Path) -> Path:
    """Copy a bundle to ``folder``, its table compressed, and return this folder.

    The manifest is copied last, so that a folder with a manifest is complete.

    :param bundle: folder of the bundle.
    :raises TableError: a part of the bundle was edited, or failed its check.
    :raises StorageError: the folder has other evidence, or cannot be written.
    """
    made = read_bundle(bundle)
    for reason in made.broken.values():
        raise TableError(reason)
    if (folder / MANIFEST).is_file():
        if read_bundle(folder).digest != made.digest:
            raise StorageError(f"{folder} holds other evidence than {bundle}; delete the folder first to replace its evidence")
        return folder
    make_folder(folder)
    write_atomic(folder / TABLE, _compressed(_text(table_file(bundle, made.manifest))))
    names = [path.name for path in bundle.iterdir() if path.name not in (TABLE, NEXT, PLAIN) and not path.name.startswith(".")]
    for name in sorted(names, key=lambda name: name == MANIFEST):
        write_atomic(folder / name, (bundle / name).read_bytes())
    return folder


def of_networks(finals: dict[int, str], checks: dict[str, bool]) -> dict:
    """The part of a manifest about its networks: their numbers, the digests of their last weights, the checks.

    The check "networks_distinct" is added: whether all last weights differ.
    """
    distinct = len(set(finals.values())) == len(finals)
    return {
        "networks": sorted(finals),
        "final_digests": {str(network): digest for network, digest in finals.items()},
        "checks": {**checks, "networks_distinct": distinct},
    }


def all_passed(checks: Iterable[dict[str, bool]]) -> dict[str, bool]:
    """The checks of several networks together: a check passes if it passed on every network on which it was made."""
    together: dict[str, bool] = {}
    for name, passed in (item for some in checks for item in some.items()):
        together[name] = together.get(name, True) and passed
    return together


def _text(path: Path) -> str:
    try:
        return gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise TableError(f"cannot read {path}: {error}; {AGAIN}") from error


def _compressed(text: str) -> bytes:
    """The same bytes for the same text: the format's time of writing is left out."""
    return gzip.compress(text.encode(), mtime=0)


def _broken(manifest, rows, source, whole: bool) -> dict[tuple[str, str], str]:
    """What is wrong with slices; where the table as a whole has its digest, the sealed manifest says what each slice is."""
    written = {tuple(name.split("/")): sha for name, sha in manifest["slices"].items()}
    found = written if whole else _slices(rows)
    broken = {}
    for pair in sorted(found.keys() | written.keys()):
        if found.get(pair) != written.get(pair):
            broken[pair] = f"rows of {' / '.join(pair)} are missing or edited in {source}; {AGAIN}"
        elif failed := [name for name, passed in manifest["checks"].items() if not passed and _concerns(name, pair)]:
            broken[pair] = f"check failed: {', '.join(failed)}{_of_dead_networks(rows, pair[0])}"
    return broken


def _of_dead_networks(rows, quantity: str) -> str:
    """Which networks have values of a quantity that are no finite numbers, and what helps; nothing where none has."""
    of_it = [row for row in rows if row.quantity == quantity]
    networks = {row.network for row in of_it if not (math.isfinite(row.value) and math.isfinite(row.se))}
    if not networks:
        return ""
    return (
        f". Not finite in networks {words(networks)}: where their accuracy shows that they stopped learning, choose another "
        "rate or normalization for the run, and make the bundle of all its networks again"
    )


def _concerns(check: str, pair) -> bool:
    """Whether a check concerns the quantity of a slice: "quantity:what" concerns that quantity, any other name concerns all."""
    return ":" not in check or check.split(":")[0] == pair[0]


def _slices(rows) -> dict[tuple[str, str], str]:
    groups: dict[tuple[str, str], list[Measurement]] = {}
    for row in rows:
        groups.setdefault((row.quantity, row.group), []).append(row)
    return {pair: _sha(table_text(members)) for pair, members in groups.items()}


def _seal(manifest: dict) -> str:
    return _sha(json.dumps({k: v for k, v in manifest.items() if k != "manifest_sha256"}, sort_keys=True))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
