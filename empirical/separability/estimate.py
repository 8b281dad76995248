"""A number found by drawing, with its standard error."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """value, its standard error over draws, and how many draws it averages."""

    value: float
    se: float
    n: int
