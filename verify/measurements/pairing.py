"""Several worlds, compared network by network.

Networks of one number have the same classes, images, initialization and order in every world.
"""

from dataclasses import replace

from verify.judging.verdicts import Untested
from verify.measurements.runs import Runs


def paired(*worlds: Runs) -> list[Runs]:
    """The worlds, each reduced to the networks that all of them have, in the order of their numbers.

    :raises Untested: the worlds have no network number in common.
    """
    numbered = [_numbers(world) for world in worlds]
    shared = tuple(sorted(set.intersection(*map(set, numbered))))
    if not shared:
        raise Untested(f"the worlds {', '.join(world.world for world in worlds)} have no network number in common")
    rows = [[own.index(number) for number in shared] for own in numbered]
    return [_kept(world, some, shared) for world, some in zip(worlds, rows, strict=True)]


def _numbers(runs: Runs) -> tuple[int, ...]:
    """The network number of each row; counted from 0 where the runs do not say."""
    return runs.networks or tuple(range(len(next(iter(runs.table.values())).values)))


def _kept(runs: Runs, rows: list[int], shared: tuple[int, ...]) -> Runs:
    some = runs.transformed(lambda key, series: (key, replace(series, values=series.values[rows], networks=shared)))
    return replace(some, networks=shared)
