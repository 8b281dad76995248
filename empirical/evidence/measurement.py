"""The record of one measured number, and the table of such records as plain text. Needs no torch."""

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import TypeVar, get_type_hints

from empirical.errors import GeomemError
from empirical.evidence.names import NETWORK

# Significant digits: of a value, more than any claim can distinguish; of its standard error, fewer.
DIGITS = {"depth": 4, "value": 7, "se": 3}
Row = TypeVar("Row")


@dataclass(frozen=True)
class Measurement:
    """One number, measured on one network.

    network: number of the network in its run.
    seed: root seed of the run.
    epoch: epoch of training; 0 is the initialization. An instrument that trains small networks itself counts their epochs.
    layer, depth: name of the layer and its position in 0..1; "network" and 1 for the whole network.
    group: group of images, from :data:`empirical.evidence.names.GROUPS` or another name there.
    choice: analysis choice, such as the half of the test images; :func:`empirical.evidence.names.packed` joins several.
    quantity, value: what was measured, and the number.
    se: standard error of the value; 0 where it is exact.
    n: number of observations behind the value.
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
    """One number, measured on a network at one checkpoint; its fields are those of :class:`Measurement`.

    epoch: the epoch of a small network that an instrument trains itself; None for the epoch of the checkpoint.
    """

    quantity: str
    group: str
    value: float
    se: float
    n: int
    choice: str = ""
    layer: str = NETWORK
    epoch: int | None = None


class TableError(GeomemError):
    """A table or a manifest does not have the form that this program writes."""


def table_text(rows: Iterable[Measurement]) -> str:
    """The rows as CSV text, in the given order; each number is written as its shortest exact decimal."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(Measurement))
    writer.writerows(vars(row).values() for row in rows)
    return out.getvalue()


def parse_table(text: str, source: str = "table") -> tuple[Measurement, ...]:
    """The rows of a CSV text: the inverse of :func:`table_text`.

    :param source: the table's name in messages of errors.
    :raises TableError: the columns are not those of a table, or a line cannot be read; the message gives its number.
    """
    reader = csv.reader(io.StringIO(text))
    types = list(get_type_hints(Measurement).values())
    header = next(reader, [])
    if "\0" in text or header != [field.name for field in fields(Measurement)]:
        raise TableError(f"{source} has unexpected columns {header}; restore the table, or make its bundle again")
    rows = []
    for line, values in enumerate(reader, start=2):
        try:
            rows.append(Measurement(*[kind(value) for kind, value in zip(types, values, strict=True)]))
        except ValueError as error:
            raise TableError(f"{source}, line {line}: {error}; restore the table, or make its bundle again") from error
    return tuple(rows)


def finite_checks(rows: Iterable[Measurement]) -> dict[str, bool]:
    """For each quantity the check "quantity:finite": whether all its values and standard errors are finite numbers."""
    checks: dict[str, bool] = {}
    for row in rows:
        name = f"{row.quantity}:finite"
        checks[name] = checks.get(name, True) and math.isfinite(row.value) and math.isfinite(row.se)
    return checks


def rounded(row: Row) -> Row:
    """The measurement with the digits that a bundle keeps; rounding it again changes nothing."""
    return replace(row, **{name: float(f"{getattr(row, name):.{digits}g}") for name, digits in DIGITS.items()})  # type: ignore
