"""The selection of some of a run's networks by their numbers, written as in 0-3,5."""

import re
from collections.abc import Iterable
from itertools import pairwise

from empirical.errors import SpecError


def selected(text: str, n_networks: int) -> tuple[int, ...]:
    """The numbers of the selected networks, in ascending order.

    :param text: numbers and ranges with commas between them, such as "0-3,5".
    :param n_networks: number of networks of the run.
    :raises SpecError: the text has another form, or the run has no such network.
    """
    chosen: set[int] = set()
    for part in text.split(","):
        ends = re.fullmatch(r"\s*(\d+)(?:-(\d+))?\s*", part)
        first, last = (int(ends[1]), int(ends[2] or ends[1])) if ends else (1, 0)
        if not first <= last < n_networks:
            raise SpecError(
                f"networks must be numbers and ranges of 0 to {n_networks - 1}, such as 0-3,5; received {text!r}: change "
                f"{part!r}"
            )
        chosen.update(range(first, last + 1))
    return tuple(sorted(chosen))


def words(networks: Iterable[int]) -> str:
    """The shortest text that selects these networks: the inverse of :func:`selected`."""
    numbers = sorted(networks)
    starts = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(numbers)) if b > a + 1), len(numbers)]
    runs = [numbers[start:stop] for start, stop in pairwise(starts)]
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs if run)
