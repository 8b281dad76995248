"""Several worlds, compared network by network.

Networks of one number have the same classes, images, initialization and order in every world, because their random streams are
named by the seed, the network's number and what is drawn. Noise replaces images of one split, and labels are permuted among the
same images.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from verify.judging.verdicts import Broken, Untested
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep

# Worlds that are compared may differ in what training does not depend on, and in what noise they have.
BOOKKEEPING = {"name", "n_networks", "fitted", "device"}
MEASURING = {"instruments", "group_images", "gradient_permutations", "geometry_points", "geometry_probes"}
NOISE = {"noise", "noise_share", "permuted_fraction"}


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


def paired_sweeps(*sweeps: Sweep) -> list[Sweep]:
    """The sweeps, each reduced to the values that all have, and at every value to the networks that all have at every value.

    :raises Untested: fewer than two values, or no network number, are common to the sweeps.
    :raises Broken: the sweeps were trained differently, apart from their noise, or have different seeds, so that networks of
        one number do not have the same images.
    """
    values = tuple(value for value in sweeps[0].values if all(value in sweep.values for sweep in sweeps))
    if len(values) < 2:
        raise Untested(
            f"the worlds {', '.join(sweep.world for sweep in sweeps)} must share two or more values of {sweeps[0].field}; they "
            f"share {', '.join(map(str, values)) or 'none'}"
        )
    columns = [[sweep.runs[sweep.values.index(value)] for value in values] for sweep in sweeps]
    for one, *others in zip(*columns, strict=True):
        _require_alike(one, others)
    kept = iter(paired(*chain(*columns)))
    return [replace(sweep, values=values, runs=_next(kept, len(values))) for sweep in sweeps]


def _next(runs: Iterator[Runs], count: int) -> tuple[Runs, ...]:
    return tuple(next(runs) for _ in range(count))


def _require_alike(one: Runs, others: list[Runs]) -> None:
    for other in others:
        ours, theirs = _training(one.spec), _training(other.spec)
        if differing := sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)):
            raise Broken(
                f"{one.world} and {other.world} differ in {', '.join(differing)}, so that they do not show what noise does; "
                "record both from runs that differ in nothing but their noise"
            )


def _training(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that must agree; under a constant learning rate a longer training is the same training up to its end."""
    free_to_differ = BOOKKEEPING | MEASURING | NOISE | ({"epochs"} if spec.get("schedule") == "constant" else set())
    return {key: value for key, value in spec.items() if key not in free_to_differ}


def _numbers(runs: Runs) -> tuple[int, ...]:
    """The network number of each row; counted from 0 where the runs do not say."""
    return runs.networks or tuple(range(len(next(iter(runs.table.values())).values)))


def _kept(runs: Runs, rows: list[int], shared: tuple[int, ...]) -> Runs:
    some = runs.transformed(lambda key, series: (key, replace(series, values=series.values[rows], networks=shared)))
    return replace(some, networks=shared)
