"""Runs in which a claim about networks is false: their measurements transformed, in the mean over networks or for each."""

import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from empirical.evidence.names import SHUFFLED, packed, unpacked
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series

Counterfeit = Callable[[Runs], Runs]


def swap_groups(one: str, other: str, *quantities: str) -> Counterfeit:
    """Quantities measured on both groups are reported for the one as the other's, and the other way round.

    :param quantities: all that both groups have, unless named. A claim that reads the end of training is judged on networks
        that fitted their labels: accuracies are better left alone there.
    """
    swapped = {one: other, other: one}

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            counterpart = key._replace(group=swapped.get(key.group, key.group))
            swaps = counterpart in runs.table and (not quantities or key.quantity in quantities)
            return (counterpart if swaps else key), series

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
    """Its logarithm over the shuffled baseline's is a straight line over depth, in the mean; networks keep their deviations."""

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            if key[:3] != (quantity, group, "") or key.layer not in runs.layers:
                return key, series
            own, null = (
                np.stack([runs.series(quantity, group, choice, layer).values for layer in runs.layers])
                for choice in ("", SHUFFLED)
            )
            profile = np.log(own / null)
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


def levelled(quantity: str, group: str, other: str) -> Counterfeit:
    """The group has the other's mean logarithm over networks, in every layer and epoch; every network keeps its deviation."""

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            like = runs.table.get(key._replace(group=other))
            if key[:2] != (quantity, group) or like is None:
                return key, series
            return key, replace(series, values=series.values * np.exp(-mean_gap(series, like)))

        return runs.transformed(change)

    return counterfeit


def at_baseline(quantity: str, group: str) -> Counterfeit:
    """The group has its shuffled baseline's mean logarithm, in every layer and epoch; every network keeps its deviation."""

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            null = runs.table.get(key._replace(choice=SHUFFLED))
            if key[:3] != (quantity, group, "") or null is None:
                return key, series
            return key, replace(series, values=series.values * np.exp(-mean_gap(series, null)))

        return runs.transformed(change)

    return counterfeit


def mean_gap(series: Series, like: Series) -> np.ndarray:
    """Mean logarithm of one above the other's, epoch by epoch, over networks that were measured then."""
    with warnings.catch_warnings():
        # An epoch at which no network was measured has none.
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(np.log(series.values), axis=0) - np.nanmean(np.log(like.values), axis=0)


def nothing_rewound(runs: Runs) -> Runs:
    """Rewinding leaves every accuracy at the final network's, in the mean, and networks differ as much as they do.

    Their deviations are dealt out anew on the reported half, where otherwise the choice of a target would find them again.
    """

    def change(key: Key, series: Series):
        if key.quantity != "rewound_accuracy":
            return key, series
        half = packed(*unpacked(key.choice)[1:])
        final = runs.series("accuracy", key.group, half).last().mean()
        deviations = series.values - np.nanmean(series.values, axis=0)
        if half != runs.selection:
            deviations = np.where(np.isnan(series.values), np.nan, _dealt(deviations))
        return key, replace(series, values=final + deviations)

    return runs.transformed(change)


def _dealt(deviations: np.ndarray) -> np.ndarray:
    """Every network's deviations given to the next, epoch by epoch among the networks that were measured then."""
    dealt = np.zeros_like(deviations)
    for epoch, column in enumerate(deviations.T):
        there = np.flatnonzero(~np.isnan(column))
        dealt[there, epoch] = np.roll(column[there], 1)
    return dealt
