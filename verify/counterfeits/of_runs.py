"""Runs in which a claim about networks is false; the transformation changes the mean over networks or every network."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from empirical.evidence.names import SHUFFLED, packed, unpacked
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series

Counterfeit = Callable[[Runs], Runs]


def swap_groups(one: str, other: str, *quantities: str) -> Counterfeit:
    """Runs in which two groups exchange the quantities that were measured on both.

    :param quantities: all common quantities if none is named. A claim that reads the end of training is judged on networks that
        fitted their labels; accuracies should then stay unchanged.
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
    """Runs in which the group's accuracy stays at the best value so far: nothing that was learned is lost."""

    def change(key: Key, series: Series):
        if key[:2] != ("accuracy", group):
            return key, series
        return key, replace(series, values=np.maximum.accumulate(series.values, axis=1))

    return lambda runs: runs.transformed(change)


def backwards(*quantities: str) -> Counterfeit:
    """Runs in which the quantities have their values of the last epoch at the first, and so on.

    Epochs at which some networks were not measured keep their values.
    """

    def change(key: Key, series: Series):
        if key.quantity not in quantities:
            return key, series
        values, shared = series.values.copy(), np.isin(series.epochs, series.shared_epochs())
        values[:, shared] = values[:, shared][:, ::-1]
        return key, replace(series, values=values)

    return lambda runs: runs.transformed(change)


def best_at_the_end(quantity: str, group: str) -> Counterfeit:
    """Runs in which the values of a group's quantity are in ascending order over epochs, so that the last is the best."""

    def change(key: Key, series: Series):
        if key[:2] != (quantity, group):
            return key, series
        return key, replace(series, values=np.sort(series.values, axis=1))

    return lambda runs: runs.transformed(change)


def scaled(quantity: str, group: str, factor: float, choice: str | None = None) -> Counterfeit:
    """Runs in which a quantity of a group is multiplied by a factor, in every network, layer and epoch.

    :param choice: the choice that is scaled; all choices if None.
    """

    def change(key: Key, series: Series):
        if key[:2] != (quantity, group) or choice not in (None, key.choice):
            return key, series
        return key, replace(series, values=factor * series.values)

    return lambda runs: runs.transformed(change)


def reverse_depth(*quantities: str) -> Counterfeit:
    """Runs with the hidden layers in reverse order: the first layer reports what happens in the last."""

    def counterfeit(runs: Runs) -> Runs:
        mirrored = dict(zip(runs.layers, reversed(runs.layers), strict=True))

        def change(key: Key, series: Series):
            if key.quantity not in quantities:
                return key, series
            return key._replace(layer=mirrored.get(key.layer, key.layer)), series

        return runs.transformed(change)

    return counterfeit


def gradual(quantity: str, group: str, power: float = 1.0) -> Counterfeit:
    """Runs in which the log ratio of a quantity to the shuffled baseline rises as a power of depth, on average over networks.

    The first and the last layer keep their averages, and networks their deviations from the average.

    :param power: 1 for a line, 2 for a parabola that is flat at the first layer.
    """

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            if key[:3] != (quantity, group, "") or key.layer not in runs.layers:
                return key, series
            own, null = (
                np.stack([runs.series(quantity, group, choice, layer).values for layer in runs.layers])
                for choice in ("", SHUFFLED)
            )
            profile = np.log(own / null)
            bend = _off_the_curve(np.nanmean(profile, axis=1), runs.relative_depth() ** power)[runs.layers.index(key.layer)]
            return key, replace(series, values=series.values * np.exp(-bend))

        return runs.transformed(change)

    return counterfeit


def _off_the_curve(profile: np.ndarray, rise: np.ndarray) -> np.ndarray:
    """Profiles (layers, epochs) minus curves of one shape between their ends; ``rise`` goes from 0 to 1, (layers,)."""
    return profile - profile[0] - rise[:, None] * (profile[-1] - profile[0])


def vanishing(quantity: str, group: str, factor: float = 0.3) -> Counterfeit:
    """Runs in which the quantity falls by a factor with every hidden layer from the last to the first."""

    def counterfeit(runs: Runs) -> Runs:
        above = {layer: len(runs.layers) - 1 - index for index, layer in enumerate(runs.layers)}

        def change(key: Key, series: Series):
            if key[:2] != (quantity, group) or key.layer not in above:
                return key, series
            return key, replace(series, values=factor ** above[key.layer] * series.values)

        return runs.transformed(change)

    return counterfeit


def levelled(quantity: str, group: str, other: str) -> Counterfeit:
    """Runs in which the group has another group's mean logarithm, in every layer and epoch.

    Networks keep their deviations from the mean.
    """

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            like = runs.table.get(key._replace(group=other))
            if key[:2] != (quantity, group) or like is None:
                return key, series
            return key, replace(series, values=series.values * np.exp(-mean_gap(series, like)))

        return runs.transformed(change)

    return counterfeit


def at_baseline(quantity: str, group: str) -> Counterfeit:
    """Runs in which the group has the shuffled baseline's mean logarithm, in every layer and epoch.

    Networks keep their deviations from the mean.
    """

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            null = runs.table.get(key._replace(choice=SHUFFLED))
            if key[:3] != (quantity, group, "") or null is None:
                return key, series
            return key, replace(series, values=series.values * np.exp(-mean_gap(series, null)))

        return runs.transformed(change)

    return counterfeit


def levelled_choice(quantity: str, choice: str, other: str) -> Counterfeit:
    """Runs in which one choice of a quantity has another choice's mean logarithm, in every group, layer and epoch.

    Networks keep their deviations from the mean.
    """

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            like = runs.table.get(key._replace(choice=other))
            if key.quantity != quantity or key.choice != choice or like is None:
                return key, series
            return key, replace(series, values=series.values * np.exp(-mean_gap(series, like)))

        return runs.transformed(change)

    return counterfeit


def other_choices(quantity: str, others: Mapping[str, str]) -> Counterfeit:
    """Runs in which choices of a quantity have the measured values of other choices, network by network.

    :param others: the choice whose values are taken, by the choice that gets them.
    """

    def counterfeit(runs: Runs) -> Runs:
        def change(key: Key, series: Series):
            other = runs.table.get(key._replace(choice=others.get(key.choice, key.choice)))
            return key, series if key.quantity != quantity or other is None else other

        return runs.transformed(change)

    return counterfeit


def mean_gap(series: Series, like: Series) -> np.ndarray:
    """Mean logarithm of a series minus that of another series, (epochs,).

    Each epoch averages over the networks that were measured at it.
    """
    with warnings.catch_warnings():
        # An epoch at which no network was measured has none.
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(np.log(series.values), axis=0) - np.nanmean(np.log(like.values), axis=0)


def nothing_rewound(runs: Runs) -> Runs:
    """Runs in which rewinding leaves every accuracy at that of the final network on average; networks keep their spread.

    On the reported half the deviations are permuted between networks. Otherwise the choice of a target would find them again.
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
    """Every network's deviations, given to the next network that was measured at that epoch."""
    if not np.isnan(deviations).any():
        return np.roll(deviations, 1, axis=0)
    dealt = np.zeros_like(deviations)
    for epoch, column in enumerate(deviations.T):
        there = np.flatnonzero(~np.isnan(column))
        dealt[there, epoch] = column[there[np.arange(len(there)) - 1]]
    return dealt


def siblings(counterfeit: Counterfeit) -> Counterfeit:
    """Runs whose siblings, the runs of the worlds beside them, are changed by another counterfeit."""
    return lambda runs: replace(runs, beside=lambda suffix: counterfeit(runs.beside(suffix)))
