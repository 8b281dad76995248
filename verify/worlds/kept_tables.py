"""The measurements of bundles as arrays, kept in the cache under the digest of the manifest.

To read the tables of all recorded worlds takes ten seconds of every process that judges them, and the arrays a tenth of that.
Before a file's content there is the digest of it, of the table and of the code that read the table, so that a file that is
damaged or of other code is not used, but written anew.
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
# Bytes of a digest.
DIGEST = 32


def kept_or_read(folder: Path) -> Runs:
    """The runs of the bundle in a folder, read from its table unless that was done before; raises as ``read_bundle``.

    Nothing is kept of a table that was edited, or has a check that failed.
    """
    manifest = read_manifest(folder)
    table = _digest(table_file(folder, manifest))
    file = cache_root() / FOLDER / f"{manifest['manifest_sha256']}.npz"
    with suppress(OSError, ValueError, KeyError):
        return _runs(manifest, _content(file, table))
    found = read_bundle(folder)
    runs = Runs.of(found)
    if runs.table and not found.broken:
        _keep(file, runs, {row.layer: row.depth for row in found.rows}, table)
    return runs


def _digest(table: Path) -> str:
    """That of the file as it is, compressed or not; "" where there is none."""
    return hashlib.sha256(table.read_bytes()).hexdigest() if table.is_file() else ""


def _content(file: Path, table: str) -> bytes:
    """The content that was kept.

    :param table: digest of the table.
    :raises ValueError: it is damaged, or of another table or other code. A file that is not there raises OSError.
    """
    kept = file.read_bytes()
    check, content = kept[:DIGEST], kept[DIGEST:]
    if check != _check(content, table):
        raise ValueError(f"{file} is damaged, or of another table or other code")
    return content


def _check(content: bytes, table: str) -> bytes:
    read_by = provenance.sources(OWN.relative_to(provenance.ROOT).as_posix())
    return hashlib.sha256(f"{read_by}{table}".encode() + content).digest()


def _keep(file: Path, runs: Runs, depths: dict[str, float], table: str) -> None:
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
        write_atomic(file, _check(content, table) + content)


def _runs(manifest: dict, content: bytes) -> Runs:
    """The runs in the content of a file."""
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
