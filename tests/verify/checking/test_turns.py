"""The order in which the rows of a run are judged."""

import random

import pytest

from verify import plugin
from verify.checking.claim_item import ClaimItem
from verify.worlds.world import LIVE, World


def row(world):
    item = ClaimItem.__new__(ClaimItem)
    item.world = world
    return item


def turns(worlds):
    """The names of the worlds of rows that are given in some order, in the order in which they are judged."""
    items = [row(World(world) if world else None) for world in worlds]
    plugin.pytest_collection_modifyitems(items)
    return [item.world.name if item.world else "" for item in items]


@pytest.mark.parametrize("seed", range(3))
def test_nothing_waits_for_the_world_that_takes_longest_but_its_own_rows(seed):
    given = ["", "", "digits", "digits", *LIVE, *LIVE]
    random.Random(seed).shuffle(given)
    others = [name for world in reversed(LIVE[1:]) for name in (world, world)]
    assert turns(given) == ["", "", "digits", "digits", LIVE[0], *others, LIVE[0]]


def test_other_rows_keep_their_order():
    assert turns(["digits", LIVE[0], ""]) == ["", "digits", LIVE[0]]
    assert turns(["digits", "", "digits-mlp"]) == ["", "digits", "digits-mlp"]
    assert turns([]) == []
