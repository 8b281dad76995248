"""Numbers as long as they mean something: a bundle's table is to be read, compared line by line, and kept small."""

from dataclasses import replace
from typing import TypeVar

# Significant digits: of what is measured more than any claim can tell apart, of its standard error fewer.
DIGITS = {"depth": 4, "value": 7, "se": 3}
Row = TypeVar("Row")


def rounded(row: Row) -> Row:
    """A measurement as a bundle has it; rounding again changes nothing."""
    return replace(row, **{name: float(f"{getattr(row, name):.{digits}g}") for name, digits in DIGITS.items()})  # type: ignore
