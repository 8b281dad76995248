"""The file of a bundle that only figures read, checked against the digest in the manifest."""

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path

from empirical.evidence.bundle import MANIFEST
from empirical.runs.folders import OUTPUTS
from verify.judging.verdicts import Broken, Untested


def rows_of(folder: Path, columns: Sequence[str]) -> list[list[str]]:
    """The rows of a bundle's outputs, without the header.

    :param folder: the folder of the bundle. :param columns: the header that the file must have.
    :raises Untested: the bundle has none.
    :raises Broken: the file is not the one that the manifest names, or has other columns.
    """
    path = folder / OUTPUTS
    try:
        content = path.read_bytes()
        written = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("outputs_sha256")
    except OSError as error:
        raise Untested(f"{folder} has no {OUTPUTS}: {error.strerror}") from error
    if written != hashlib.sha256(content).hexdigest():
        raise Broken(f"{path} is not the file its manifest names; delete the folder and make the bundle again")
    header, *rows = csv.reader(io.StringIO(content.decode()))
    if tuple(header) != tuple(columns):
        raise Broken(f"{path} has columns {header}, not {list(columns)}; make the bundle again")
    return rows
