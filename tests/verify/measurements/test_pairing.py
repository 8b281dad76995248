from dataclasses import replace

import numpy as np
import pytest

from tests.verify.synthetic import story
from verify.judging.verdicts import Broken, Untested
from verify.measurements.pairing import paired
from verify.registry import load_claims

NUMBERS = tuple(range(10))
# Claims about networks of one number in several worlds, one by one.
COMPARED = ("S-07.precision", "S-27", "Y-02")


def renumbered(runs, numbers):
    """The same runs, their networks numbered so, in the order of their rows."""
    return replace(runs, networks=tuple(numbers))


def shuffled(runs, order):
    """The same networks in another order, each with its number."""
    moved = runs.transformed(lambda key, series: (key, replace(series, values=series.values[order])))
    return replace(moved, networks=tuple(order))


def test_networks_of_one_number_are_side_by_side_whatever_their_rows():
    runs = story.story()
    one, other = paired(renumbered(runs, NUMBERS), shuffled(runs, [3, 1, 0, 7, 9, 2]))
    assert one.networks == other.networks == (0, 1, 2, 3, 7, 9)
    assert np.array_equal(one.accuracy("test", "end"), other.accuracy("test", "end"))
    assert np.array_equal(one.accuracy("test", "end"), runs.accuracy("test", "end")[[0, 1, 2, 3, 7, 9]])


def test_runs_without_numbers_have_them_from_zero():
    runs = story.story()
    one, other = paired(runs, renumbered(runs, range(5, 15)))
    assert np.array_equal(one.accuracy("test", 1), runs.accuracy("test", 1)[5:])
    assert np.array_equal(other.accuracy("test", 1), runs.accuracy("test", 1)[:5])


def test_worlds_without_a_common_network_say_so():
    runs = story.story()
    with pytest.raises(Untested, match="the worlds story, story have no network number in common"):
        paired(renumbered(runs, NUMBERS), renumbered(runs, range(10, 20)))


def test_a_network_without_its_rows_is_named_by_its_number():
    runs = shuffled(story.story(), [3, 1, 0, 7])
    gap = runs.transformed(
        lambda key, one: (key, replace(one, values=np.where(np.arange(4)[:, None] == 3, np.nan, one.values)))
    )
    with pytest.raises(Broken, match="for networks 7;"):
        paired(runs, gap)[1].accuracy("test", 1)


@pytest.mark.parametrize("name", COMPARED)
def test_verdicts_do_not_depend_on_the_order_of_rows(name):
    claim, runs, order = load_claims()[name], story.story(spread=0.05), [*range(9, -1, -1)]
    straight = claim.function(renumbered(runs, NUMBERS))
    beside = {suffix: shuffled(renumbered(runs.beside(suffix), NUMBERS), order) for suffix in claim.beside}
    turned = claim.function(replace(renumbered(runs, NUMBERS), beside=beside.__getitem__))
    for one, other in zip(*(getattr(found, "relations", (found,)) for found in (straight, turned)), strict=True):
        assert np.array_equal(one.values, other.values)
