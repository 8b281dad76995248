"""The measurements of bundles as arrays, kept in the cache under the digests of what was read.

To read the tables of all recorded worlds takes ten seconds of every process that judges them, and the arrays a tenth of one. A
file has its digest before it, so that a damaged one is not used.
"""

import hashlib
import io
import json
from contextlib import suppress
from pathlib import Path

import numpy as np

from empirical.errors import StorageError
from empirical.evidence.bundle import read_bundle, read_manifest, table_file
from empirical.runs import provenance
from empirical.storage import cache_root, make_folder, write_atomic
from verify.measurements.runs import Runs, networks_of
from verify.measurements.series import Key, Series, name_of

FOLDER = "tables"
OWN = Path(__file__)


def kept_or_read(folder: Path) -> Runs:
    """The runs of the bundle in a folder, read from its table unless that was done before; raises as ``read_bundle``.

    Nothing is kept of a table that was edited, or has a check that failed.
    """
    manifest = read_manifest(folder)
    table = hashlib.sha256(table_file(folder, manifest).read_bytes()).hexdigest()
    file = cache_root() / FOLDER / f"{_key(manifest, table)}.npz"
    with suppress(OSError, ValueError, KeyError):
        return _runs(manifest, file.read_bytes())
    found = read_bundle(folder)
    runs = Runs.of(found)
    if runs.table and not found.broken and table == manifest["table_sha256"]:
        _keep(file, runs, {row.layer: row.depth for row in found.rows})
    return runs


def _key(manifest: dict, table: str) -> str:
    parts = [manifest["manifest_sha256"], table, provenance.sources(OWN.relative_to(provenance.ROOT).as_posix())]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def _keep(file: Path, runs: Runs, depths: dict[str, float]) -> None:
    about = {"keys": list(runs.table), "depths": depths}
    out = io.BytesIO()
    np.savez(
        out,
        about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        counts=np.array([len(series.epochs) for series in runs.table.values()]),
        epochs=np.concatenate([series.epochs for series in runs.table.values()]),
        values=np.concatenate([series.values.ravel() for series in runs.table.values()]),
    )
    content = out.getvalue()
    # Without it the table is read again, and what is wrong with the disk is told by what has to be written.
    with suppress(StorageError):
        make_folder(file.parent)
        write_atomic(file, hashlib.sha256(content).digest() + content)


def _runs(manifest: dict, kept: bytes) -> Runs:
    """The runs in the content of a file.

    :raises ValueError: the file is damaged.
    """
    check, content = kept[:32], kept[32:]
    if hashlib.sha256(content).digest() != check:
        raise ValueError("the file is damaged")
    with np.load(io.BytesIO(content)) as arrays:
        about, counts, epochs, values = (arrays[name] for name in ("about", "counts", "epochs", "values"))
    for shared in (epochs, values):
        shared.flags.writeable = False
    record, networks, table, place = json.loads(about.tobytes()), networks_of(manifest), {}, 0
    for words, count in zip(record["keys"], counts.tolist(), strict=True):
        key, rows = Key(*words), values[place * len(networks) : (place + count) * len(networks)]
        table[key] = Series(epochs[place : place + count], rows.reshape(len(networks), count), name_of(key), networks)
        place += count
    return Runs.of_series(manifest, table, record["depths"], {})
