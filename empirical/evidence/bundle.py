"""A bundle of evidence: a folder with a table and its manifest, sealed, so that no part can be edited unnoticed."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from empirical.errors import EvidenceMissing, StorageError
from empirical.evidence.measurement import Measurement, TableError, parse_table, rounded, table_text
from empirical.storage import make_folder, write_atomic

TABLE, MANIFEST = "table.csv", "manifest.json"
# Of the manifest and the table's columns; a reader takes its own alone.
SCHEMA = 2
AGAIN = "restore it, or delete its folder and make the bundle again"


@dataclass(frozen=True)
class Bundle:
    """Evidence: measurements, how they were made, and what is wrong with them.

    manifest: as read.
    rows: the measurements.
    broken: (quantity, group) -> reason, where rows are missing or edited, or a check failed.
    """

    manifest: dict
    rows: tuple[Measurement, ...]
    broken: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of the table the program wrote."""
        return self.manifest["table_sha256"]


def is_made(folder: Path) -> bool:
    """Whether a bundle is there. One that was edited is: it is reported, never silently replaced."""
    return (folder / MANIFEST).is_file()


def read_bundle(folder: Path) -> Bundle:
    """Read a bundle and hold every slice of the table against its digest.

    Rows edited, added or missing break the slices (quantity, group) they belong to, and no others.

    :raises EvidenceMissing: there is none.
    :raises TableError: the manifest was edited, or a file cannot be parsed.
    """
    manifest = read_manifest(folder)
    rows = parse_table(_text(folder / TABLE), str(folder / TABLE))
    return Bundle(manifest, rows, _broken(manifest, rows, folder / TABLE))


def read_manifest(folder: Path) -> dict:
    """A bundle's manifest, its seal checked; raises as :func:`read_bundle`."""
    if not (folder / MANIFEST).is_file():
        raise EvidenceMissing(f"no bundle in {folder}")
    try:
        manifest = json.loads(_text(folder / MANIFEST))
    except ValueError as error:
        raise TableError(f"{folder / MANIFEST}: not valid JSON: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("manifest_sha256") != _seal(manifest):
        raise TableError(f"{folder / MANIFEST} was edited: its content does not match its seal; {AGAIN}")
    if manifest["schema"] != SCHEMA:
        raise TableError(f"{folder} has schema {manifest['schema']}, not {SCHEMA}; use the version that wrote it")
    return manifest


def write_bundle(folder: Path, manifest: dict, rows: Iterable[Measurement]) -> None:
    """Write table and manifest, numbers rounded; the manifest last, so that a bundle that has one is whole."""
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
    write_atomic(folder / TABLE, text.encode())
    write_atomic(folder / MANIFEST, (json.dumps(sealed, indent=1, sort_keys=True) + "\n").encode())


def record(bundle: Path, folder: Path) -> Path:
    """Copy a bundle into a folder of its own, the manifest last, so that a folder that has one is whole.

    :returns: the folder.
    :raises TableError: a part of the bundle was edited, or failed its check.
    :raises StorageError: other evidence is there already; or the folder cannot be written.
    """
    made = read_bundle(bundle)
    for reason in made.broken.values():
        raise TableError(reason)
    if (folder / MANIFEST).is_file():
        if read_bundle(folder).digest != made.digest:
            raise StorageError(f"{folder} holds other evidence than {bundle}; delete the folder first if this is to replace it")
        return folder
    make_folder(folder)
    for path in sorted(bundle.iterdir(), key=lambda path: path.name == MANIFEST):
        write_atomic(folder / path.name, path.read_bytes())
    return folder


def of_networks(finals: dict[int, str], checks: dict[str, bool]) -> dict:
    """What a manifest says of its networks: which, the digests of their last weights, the checks, and that they differ."""
    distinct = len(set(finals.values())) == len(finals)
    return {
        "networks": sorted(finals),
        "final_digests": {str(network): digest for network, digest in finals.items()},
        "checks": {**checks, "networks_distinct": distinct},
    }


def all_passed(checks: Iterable[dict[str, bool]]) -> dict[str, bool]:
    """The checks of several networks as one: each passed wherever it was made."""
    together: dict[str, bool] = {}
    for name, passed in (item for some in checks for item in some.items()):
        together[name] = together.get(name, True) and passed
    return together


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(f"cannot read {path}: {error}; {AGAIN}") from error


def _broken(manifest, rows, source) -> dict[tuple[str, str], str]:
    found = _slices(rows)
    written = {tuple(name.split("/")): sha for name, sha in manifest["slices"].items()}
    broken = {}
    for pair in sorted(found.keys() | written.keys()):
        if found.get(pair) != written.get(pair):
            broken[pair] = f"rows of {' / '.join(pair)} are missing or edited in {source}; {AGAIN}"
        elif failed := [name for name, passed in manifest["checks"].items() if not passed and _concerns(name, pair)]:
            broken[pair] = f"check failed: {', '.join(failed)}"
    return broken


def _concerns(check: str, pair) -> bool:
    """A check named "quantity:what" concerns that quantity; any other concerns all."""
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
