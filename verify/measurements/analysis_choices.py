"""The sign of a conclusion under other analysis choices than the standard ones."""

from collections.abc import Callable, Mapping

import numpy as np

from verify.judging.mean_tests import Difference
from verify.judging.relations import both, positive
from verify.judging.rules import Both
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series


def one_sign(standard: np.ndarray, others: Mapping[str, np.ndarray], effect: float, unit: str) -> Both:
    """The relation that a conclusion differs from 0, on either side, and has the same sign under other choices.

    :param standard: the number whose sign is the conclusion, (networks,).
    :param others: this number under other choices, (networks,) each, by the name of the choice.
    """
    side = np.sign(np.mean(standard))
    return both(
        Difference(standard, effect, unit, about="standard"),
        *(positive(side * other, effect, unit, about=choice) for choice, other in others.items()),
    )


def swap_choices(group: str, one: str, other: str, *quantities: str) -> Callable[[Runs], Runs]:
    """A counterfeit that exchanges two choices for some quantities of a group."""
    swapped = {one: other, other: one}

    def change(key: Key, series: Series):
        swaps = key.group == group and key.quantity in quantities
        return (key._replace(choice=swapped.get(key.choice, key.choice)) if swaps else key), series

    return lambda runs: runs.transformed(change)
