"""The measurement record and the bundle: one flat table and a manifest, plain text, readable without torch."""

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import get_type_hints

from empirical.errors import EvidenceMissing, GeomemError
from empirical.storage import make_folder, write_atomic

TABLE, MANIFEST = "table.csv", "manifest.json"
SCHEMA = 2
# The layer of what belongs to no single layer.
NETWORK = "network"
AGAIN = "restore it, or delete its folder and make the bundle again"


@dataclass(frozen=True)
class Measurement:
    """One number, measured on one network.

    network, seed: which network, and the root seed of its run.
    epoch: of training; 0 is the initialization.
    layer, depth: the layer's name and position in 0..1; "network" and 1 for the whole.
    group: of images: unpermuted, permuted, restored, test, permuted_all (with the coincidences).
    choice: an analysis choice, such as the half of the test images.
    quantity, value, se, n: what, how much, its standard error (0 where exact), and over how many observations.
    """

    network: int
    seed: int
    epoch: int
    layer: str
    depth: float
    group: str
    choice: str
    quantity: str
    value: float
    se: float
    n: int


@dataclass(frozen=True)
class Reading:
    """A number read off a network at one checkpoint; the fields are those of :class:`Measurement`."""

    quantity: str
    group: str
    value: float
    se: float
    n: int
    choice: str = ""
    layer: str = NETWORK


class TableError(GeomemError):
    """A table or manifest that does not have the form this program writes."""


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


def table_text(rows: Iterable[Measurement]) -> str:
    """The rows as CSV, in the order given, every number as its shortest exact decimal."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(Measurement))
    writer.writerows(vars(row).values() for row in rows)
    return out.getvalue()


def parse_table(text: str, source: str = "table") -> tuple[Measurement, ...]:
    """Inverse of :func:`table_text`. :raises TableError: a wrong header or an unreadable line, with its number."""
    reader = csv.reader(io.StringIO(text))
    types = list(get_type_hints(Measurement).values())
    header = next(reader, [])
    if "\0" in text or header != [field.name for field in fields(Measurement)]:
        raise TableError(f"{source}: unexpected columns {header}")
    rows = []
    for line, values in enumerate(reader, start=2):
        try:
            rows.append(Measurement(*[kind(value) for kind, value in zip(types, values, strict=True)]))
        except ValueError as error:
            raise TableError(f"{source}, line {line}: {error}") from error
    return tuple(rows)


def write_bundle(folder: Path, manifest: dict, rows: Iterable[Measurement]) -> None:
    """Write table and manifest; the manifest last, so that a bundle that has one is whole."""
    rows = sorted(rows, key=lambda row: (row.network, row.epoch, row.quantity, row.group, row.choice, row.layer))
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
        read = f"schema {manifest['schema']}, this program reads {SCHEMA}"
        raise TableError(f"{folder} has {read}; use the version that wrote it")
    return manifest


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


def finite_checks(rows: Iterable[Measurement]) -> dict[str, bool]:
    """For every quantity whether its values and standard errors are finite numbers: "quantity:finite"."""
    checks: dict[str, bool] = {}
    for row in rows:
        name = f"{row.quantity}:finite"
        checks[name] = checks.get(name, True) and math.isfinite(row.value) and math.isfinite(row.se)
    return checks
