"""The geometry of layers as files and data frames. Needs no torch."""

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from empirical.errors import GeometryError
from empirical.evidence.geometry_tables import csv_text
from empirical.storage import write_atomic

CSV, JSON = SUFFIXES = ".csv", ".json"
Record = TypeVar("Record")


def frame(kind: type, records: Sequence) -> Any:
    """A pandas data frame of the records, whose columns are the fields of their kind.

    :raises GeometryError: pandas is not installed.
    """
    try:
        from pandas import DataFrame  # pyright: ignore[reportMissingImports]
    except ModuleNotFoundError as error:
        raise GeometryError(
            "to_frame needs pandas, which is not installed: python -m pip install pandas; or write a file with table.save"
        ) from error
    return DataFrame([asdict(record) for record in records], columns=[field.name for field in fields(kind)])


def write(path: Path, kind: type, rows: Sequence, content: Mapping[str, Any]) -> None:
    """Write the rows as CSV, or the whole content as JSON, by the suffix of the path.

    :raises GeometryError: another suffix. :raises StorageError: the file cannot be written.
    """
    if _suffix(path) == CSV:
        text = csv_text(rows) if rows else ",".join(field.name for field in fields(kind)) + "\n"
    else:
        text = json.dumps(_plain(content), indent=1, allow_nan=False) + "\n"
    write_atomic(path, text.encode())


def read(path: Path, kinds: Mapping[str, type]) -> dict[str, Any]:
    """The content of a file: lists of records under the names of ``kinds``, of a CSV file the first alone.

    :raises GeometryError: another suffix, no such file, or a file of other columns.
    """
    suffix = _suffix(path)
    try:
        text = path.read_text(encoding="utf-8")
        if suffix == CSV:
            name, kind = next(iter(kinds.items()))
            return {name: _rows(kind, text)}
        content = json.loads(text)
        return content | {name: [_record(kind, row) for row in content[name]] for name, kind in kinds.items()}
    except FileNotFoundError as error:
        raise GeometryError(f"there is no file {path}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GeometryError(f"{path} is not a table that LayerTable.save wrote ({error}); measure and save it again") from error


def _rows(kind: type, text: str) -> list[Any]:
    """The records of CSV text."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    _require_fields(kind, reader.fieldnames or ())
    return [_record(kind, row) for row in reader]


def _suffix(path: Path) -> str:
    if path.suffix.lower() not in SUFFIXES:
        raise GeometryError(f"the path must end in {' or '.join(SUFFIXES)}; received {path.name!r}")
    return path.suffix.lower()


def _plain(value: Any) -> Any:
    """The value as JSON has it: numbers that are not finite become text, "nan" or "inf"."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _record(kind: type[Record], row: Mapping[str, Any]) -> Record:
    """The record of a row of text or of JSON values."""
    types = get_type_hints(kind)
    _require_fields(kind, row)
    return kind(**{name: _value(types[name], value) for name, value in row.items()})


def _require_fields(kind: Any, names: Iterable[str]) -> None:
    """Raise an error unless the names are fields, and all that have no default are there."""
    known = {field.name: field.default is MISSING for field in fields(kind)}
    given = set(names)
    if not given <= known.keys() or not {name for name, required in known.items() if required} <= given:
        raise ValueError(f"its columns are not {', '.join(known)}")


def _value(kind: Any, value: Any) -> Any:
    """A value of a field from text or from JSON; a field of text or numbers is a number where it can be one."""
    if kind == str | int:
        return int(value) if str(value).isdigit() else value
    if kind == int | None:
        return None if value in (None, "") else int(value)
    return kind(value)
