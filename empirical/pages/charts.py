"""Small charts as numbers that a template draws: a scale with its ticks, and a row with a mean, an interval and dots."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

# In units of the drawing, which is as wide as its place.
WIDTH, MARGIN = 320, 14
MOST_TICKS = 5
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Scale:
    """A linear scale from low to high, in the unit of what is shown."""

    low: float
    high: float

    @classmethod
    def over(cls, numbers: Iterable[float | None]) -> "Scale":
        """The scale of these numbers and of 0; numbers that are None or not finite are left out."""
        known = [number for number in numbers if number is not None and isfinite(number)]
        low, high = min([0.0, *known]), max([0.0, *known])
        room = 0.03 * (high - low) or 1.0
        return cls(low - room * (low < 0), high + room * (high > 0 or low == high))

    def x(self, number: float) -> int:
        """The place of a number, whole; a number beyond the scale is at its end."""
        share = (min(max(number, self.low), self.high) - self.low) / (self.high - self.low)
        return round(MARGIN + share * (WIDTH - 2 * MARGIN))

    def ticks(self) -> list[tuple[int, str]]:
        """The places of at most five round numbers, with their texts; 0 is among them."""
        step = self._step()
        numbers = [index * step for index in range(ceil(self.low / step), floor(self.high / step) + 1)]
        return [(self.x(number), f"{number:.6g}") for number in numbers]

    def _step(self) -> float:
        least = (self.high - self.low) / MOST_TICKS
        power = 10.0 ** floor(log10(least))
        return next(step * power for step in STEPS if step * power >= least)


@dataclass(frozen=True)
class Mark:
    """A row of a chart: the places of the mean, of the ends of its interval, and of the dots; None where there is none."""

    mean: int
    left: int | None
    right: int | None
    dots: tuple[int, ...]

    def dots_path(self, y: int) -> str:
        """The dots as one path of points without length, at this height."""
        return "".join(f"M{x} {y}h0" for x in self.dots)


def mark(scale: Scale, value: float, lower: float | None, upper: float | None, dots: Iterable[float] = ()) -> Mark:
    """The row of a value with its interval and with the single values behind it."""
    left, right = (None if end is None else scale.x(end) for end in (lower, upper))
    return Mark(scale.x(value), left, right, tuple(scale.x(dot) for dot in dots))
