"""The record of one measured number, and the flat table of many: plain text, read without torch."""

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import TypeVar, get_type_hints

from empirical.errors import GeomemError
from empirical.evidence.names import NETWORK

# Significant digits: of what is measured more than any claim can tell apart, of its standard error fewer.
DIGITS = {"depth": 4, "value": 7, "se": 3}
Row = TypeVar("Row")


@dataclass(frozen=True)
class Measurement:
    """One number, measured on one network.

    network, seed: which network, and the root seed of its run.
    epoch: of training; 0 is the initialization.
    layer, depth: the layer's name and position in 0..1; "network" and 1 for the whole.
    group: of images, :data:`empirical.evidence.names.GROUPS` or another one there.
    choice: an analysis choice, such as the half of the test images; of several fields, :func:`empirical.evidence.names.packed`.
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


def finite_checks(rows: Iterable[Measurement]) -> dict[str, bool]:
    """For every quantity whether its values and standard errors are finite numbers: "quantity:finite"."""
    checks: dict[str, bool] = {}
    for row in rows:
        name = f"{row.quantity}:finite"
        checks[name] = checks.get(name, True) and math.isfinite(row.value) and math.isfinite(row.se)
    return checks


def rounded(row: Row) -> Row:
    """A measurement as a bundle has it; rounding again changes nothing."""
    return replace(row, **{name: float(f"{getattr(row, name):.{digits}g}") for name, digits in DIGITS.items()})  # type: ignore
