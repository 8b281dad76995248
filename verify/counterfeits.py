"""Worlds in which a claim is false. For claims about networks they transform the runs; for theory they plant a formula."""

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from unittest.mock import patch

import numpy as np

from verify.runs import Key, Runs, Series

Counterfeit = Callable[[Runs], Runs]


def swap_groups(one: str, other: str) -> Counterfeit:
    """Every quantity measured on both groups is reported for the one as the other's, and the other way round."""
    swapped = {one: other, other: one}

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            quantity, group, choice = key
            counterpart = (quantity, swapped.get(group, group), choice)
            return (counterpart if counterpart in runs.table else key), series

        return runs.transformed(change)

    return counterfeit


def never_forgets(group: str) -> Counterfeit:
    """The group's accuracy stays at its best so far: what was learned is never lost."""

    def change(key: Key, series: Series):
        if key[:2] != ("accuracy", group):
            return key, series
        return key, Series(series.epochs, np.maximum.accumulate(series.values, axis=1))

    return lambda runs: runs.transformed(change)


def scaled(quantity: str, group: str, factor: float) -> Counterfeit:
    """A quantity of a group is larger by a factor than it is, in every network and epoch."""

    def change(key: Key, series: Series):
        if key[:2] != (quantity, group):
            return key, series
        return key, Series(series.epochs, factor * series.values)

    return lambda runs: runs.transformed(change)


def planted(target: str, wrong: Callable[[Callable], Callable]) -> Callable[[], AbstractContextManager]:
    """A formula replaced by a wrong one: ``target`` is "theory.room.function", ``wrong`` makes it from the right one."""
    module, _, name = target.rpartition(".")

    def plant() -> AbstractContextManager:
        right = getattr(importlib.import_module(module), name)
        return patch(target, wrong(right))

    return plant
