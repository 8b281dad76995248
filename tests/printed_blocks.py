"""Blocks of Python on a page, what is printed beneath them, and whether that is what they print."""

import re
from decimal import Decimal

BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```)?", re.DOTALL | re.MULTILINE)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# What hangs on the lengths of numbers: spaces, and the lines of tables.
FILLING = re.compile(r"[\s━─]+")

# What a page that measures layers or clouds runs through: its code is text, and names of empirical.geometry load their files
# when they are used, so that no import of a test leads there.
MEASURING = (
    "empirical/__main__.py",
    "empirical/geometry/layer_differences.py",
    "theory/geometry/__init__.py",
    "theory/geometry/sample_sizes.py",
)


def blocks(page: str) -> list[tuple[str, str]]:
    """The code of each block of the page, and what is printed beneath it, or nothing.

    :raises AssertionError: the page has none, or one that is of another form than the others.
    """
    found = BLOCK.findall(page)
    assert len(found) == page.count("```python") > 0
    return found


def agree(real: str, expected: str) -> None:
    """Require the same words, and the same numbers to the digits that are printed.

    Processors round otherwise, so the last digit of a fraction may differ by one. Whole numbers are counts.
    """
    assert words(real) == words(expected)
    for one, other in zip(NUMBER.findall(real), NUMBER.findall(expected), strict=True):
        assert abs(Decimal(one) - Decimal(other)) <= max(unit(one), unit(other)), f"printed {one}, and the page has {other}"


def words(text: str) -> str:
    """The text without its numbers."""
    return FILLING.sub(" ", NUMBER.sub("", text)).strip()


def unit(number: str) -> Decimal:
    """One in the last digit of a fraction, 0 of a whole number."""
    _, _, fraction = number.partition(".")
    return Decimal(1).scaleb(-len(fraction)) if fraction else Decimal(0)
