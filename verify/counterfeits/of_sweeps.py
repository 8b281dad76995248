"""Sweeps in which a claim is false: measurements are rearranged over the values, or sweeps exchange places."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import numpy as np

from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

Counterfeit = Callable[[Sweep], Sweep]


def monotone(quantity: str, group: str) -> Counterfeit:
    """Sweeps in which the group's quantity at the end rises with the value in every network, without a peak or a dip."""
    return _changed((quantity,), group, lambda sweep, values: np.sort(values, axis=1))


def peaked(*quantities: str, group: str, factor: float = 1.5) -> Counterfeit:
    """Sweeps in which the group's quantities at the end are larger by a factor at the interpolation threshold.

    The factor is relative to the larger of the values on either side.
    """

    def raised(sweep: Sweep, values: np.ndarray) -> np.ndarray:
        below, middle, above = sweep.around_threshold()
        higher = values.copy()
        higher[:, middle] = factor * np.maximum(values[:, below], values[:, above])
        return higher

    return _changed(quantities, group, raised)


def reversed_values(sweep: Sweep) -> Sweep:
    """Sweeps in which the runs at the largest value are taken for those at the smallest, and so on."""
    return replace(sweep, runs=sweep.runs[::-1])


def exchanged_with_first(suffix: str) -> Callable[[Runs], Runs]:
    """Runs that have exchanged places with those at the first value of the sweep of this suffix beside them."""

    def counterfeit(runs: Runs) -> Runs:
        sweep = cast(Sweep, runs.beside(suffix))
        changed = replace(sweep, runs=(runs, *sweep.runs[1:]))
        return replace(sweep.runs[0], beside=lambda name: changed if name == suffix else runs.beside(name))

    return counterfeit


def exchanged(suffix: str) -> Counterfeit:
    """Sweeps that have exchanged places with the world of this suffix beside them."""

    def counterfeit(sweep: Sweep) -> Sweep:
        return replace(sweep.beside(suffix), beside=lambda name: sweep if name == suffix else sweep.beside(name))

    return counterfeit


def indifferent(suffix: str, quantity: str) -> Counterfeit:
    """Sweeps beside which the world of this suffix has one mean of a quantity at every value, that of the first.

    The mean is over networks, at each epoch. Networks keep their deviations from the mean.
    """

    def levelled(sweep: Sweep) -> Sweep:
        def like_the_first(key: Key, series: Series) -> tuple[Key, Series]:
            if key.quantity != quantity:
                return key, series
            first = sweep.runs[0].table[key].values.mean(axis=0)
            return key, replace(series, values=series.values - series.values.mean(axis=0) + first)

        return replace(sweep, runs=tuple(runs.transformed(like_the_first) for runs in sweep.runs))

    return lambda sweep: replace(sweep, beside=lambda name: (levelled if name == suffix else _as_it_is)(sweep.beside(name)))


def _as_it_is(sweep: Sweep) -> Sweep:
    return sweep


def _changed(quantities: tuple[str, ...], group: str, change: Callable[[Sweep, np.ndarray], np.ndarray]) -> Counterfeit:
    """Sweeps in which ``change`` was applied to the quantities at the last epoch, (networks, values)."""

    def counterfeit(sweep: Sweep) -> Sweep:
        keys = [key for key in sweep.runs[0].table if key.quantity in quantities and key.group == group]
        columns = {key: change(sweep, sweep.stack(lambda runs, key=key: runs.table[key].last())) for key in keys}
        return replace(sweep, runs=tuple(_with(runs, columns, index) for index, runs in enumerate(sweep.runs)))

    return counterfeit


def _with(runs: Runs, columns: dict[Key, np.ndarray], index: int) -> Runs:
    def at_end(key: Key, series: Series) -> tuple[Key, Series]:
        if key not in columns:
            return key, series
        return key, replace(series, values=np.column_stack([series.values[:, :-1], columns[key][:, index]]))

    return runs.transformed(at_end)


def like_the_first(*quantities: str) -> Counterfeit:
    """Sweeps in which quantities have at every value the mean over networks that they have at the first value.

    Networks keep their deviations from the mean.
    """

    def counterfeit(sweep: Sweep) -> Sweep:
        def levelled(key: Key, series: Series) -> tuple[Key, Series]:
            if key.quantity not in quantities or key not in sweep.runs[0].table:
                return key, series
            first = sweep.runs[0].table[key].values.mean(axis=0)
            return key, replace(series, values=series.values - series.values.mean(axis=0) + first)

        return replace(sweep, runs=tuple(runs.transformed(levelled) for runs in sweep.runs))

    return counterfeit


def at_every_value(counterfeit: Callable[[Runs], Runs]) -> Counterfeit:
    """Sweeps whose runs at every value are changed by a counterfeit of runs."""
    return lambda sweep: replace(sweep, runs=tuple(map(counterfeit, sweep.runs)))


def with_spec(**factors: float) -> Counterfeit:
    """Sweeps whose networks are said to have other numbers in some fields of their specification: these times a factor."""

    def said(runs: Runs) -> Runs:
        return replace(runs, spec={**runs.spec, **{field: factor * runs.spec[field] for field, factor in factors.items()}})

    return at_every_value(said)
