"""A relation in words: what it asserts, and which result would refute it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

# How a criterion without chance says so.
EXACT = "no chance in it"


@dataclass(frozen=True)
class Criterion:
    """A relation, or one of its parts, without its observations.

    asserts: what must hold, with the smallest effect worth arguing about.
    refuted: the result that would refute the relation.
    """

    asserts: str
    refuted: str


def asserted(criteria: Iterable[Criterion]) -> list[str]:
    """What must hold: each criterion once, with the number of parts that it governs."""
    words = Counter(criterion.asserts for criterion in criteria)
    return [text if n == 1 else f"{n} parts, each: {text}" for text, n in words.items()]


def in_units(effect: float, unit: str) -> str:
    """An effect with its unit."""
    return f"{effect:g} {unit}".rstrip()
