"""Worlds in which a claim is false. For claims about networks they transform the runs; for theory they plant a formula."""

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from unittest.mock import patch

import numpy as np

from verify.runs import Runs
from verify.series import Key, Series

Counterfeit = Callable[[Runs], Runs]


def swap_groups(one: str, other: str) -> Counterfeit:
    """Every quantity measured on both groups is reported for the one as the other's, and the other way round."""
    swapped = {one: other, other: one}

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            counterpart = key._replace(group=swapped.get(key.group, key.group))
            return (counterpart if counterpart in runs.table else key), series

        return runs.transformed(change)

    return counterfeit


def never_forgets(group: str) -> Counterfeit:
    """The group's accuracy stays at its best so far: what was learned is never lost."""

    def change(key: Key, series: Series):
        if key[:2] != ("accuracy", group):
            return key, series
        return key, replace(series, values=np.maximum.accumulate(series.values, axis=1))

    return lambda runs: runs.transformed(change)


def scaled(quantity: str, group: str, factor: float, choice: str | None = None) -> Counterfeit:
    """A quantity of a group is larger by a factor than it is, in every network, layer and epoch; of one choice, or of all."""

    def change(key: Key, series: Series):
        if key[:2] != (quantity, group) or choice not in (None, key.choice):
            return key, series
        return key, replace(series, values=factor * series.values)

    return lambda runs: runs.transformed(change)


def reverse_depth(*quantities: str) -> Counterfeit:
    """The hidden layers in reverse order: what happens in the last is reported for the first."""

    def counterfeit(runs: Runs) -> Runs:
        mirrored = dict(zip(runs.layers, reversed(runs.layers), strict=True))

        def change(key: Key, series: Series):
            if key.quantity not in quantities:
                return key, series
            return key._replace(layer=mirrored.get(key.layer, key.layer)), series

        return runs.transformed(change)

    return counterfeit


def gradual(quantity: str, group: str) -> Counterfeit:
    """The mean logarithm over networks is a straight line over depth; every network keeps its own deviations from it."""

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            if key[:3] != (quantity, group, "") or key.layer not in runs.layers:
                return key, series
            profile = np.stack([np.log(runs.series(quantity, group, layer=layer).values) for layer in runs.layers])
            bend = _off_the_line(np.nanmean(profile, axis=1))[runs.layers.index(key.layer)]
            return key, replace(series, values=series.values * np.exp(-bend))

        return runs.transformed(change)

    return counterfeit


def _off_the_line(profile: np.ndarray) -> np.ndarray:
    """Profiles (layers, epochs) less their least-squares lines over layers."""
    steps = np.vander(np.arange(len(profile)), 2)
    return profile - steps @ np.linalg.lstsq(steps, profile, rcond=None)[0]


def vanishing(quantity: str, group: str, factor: float = 0.3) -> Counterfeit:
    """The quantity falls by a factor with every hidden layer from the last to the first."""

    def counterfeit(runs: Runs) -> Runs:
        above = {layer: len(runs.layers) - 1 - index for index, layer in enumerate(runs.layers)}

        def change(key: Key, series: Series):
            if key[:2] != (quantity, group) or key.layer not in above:
                return key, series
            return key, replace(series, values=factor ** above[key.layer] * series.values)

        return runs.transformed(change)

    return counterfeit


def planted(target: str, wrong: Callable[[Callable], Callable]) -> Callable[[], AbstractContextManager]:
    """A formula replaced by a wrong one: ``target`` is "theory.room.function", ``wrong`` makes it from the right one."""
    module, _, name = target.rpartition(".")

    def plant() -> AbstractContextManager:
        right = getattr(importlib.import_module(module), name)
        return patch(target, wrong(right))

    return plant
