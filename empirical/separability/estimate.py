"""A mean over random draws, with its standard error."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A mean over random draws: its value, its standard error, and the number of draws."""

    value: float
    se: float
    n: int
