"""What an analyst could have chosen otherwise, and whether the conclusion then has the same sign."""

from collections.abc import Callable, Iterable

import numpy as np

from empirical.evidence.names import REPORT, SELECT, packed, unpacked
from verify.judging.mean_tests import Difference
from verify.judging.relations import both, positive
from verify.judging.rules import Both
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series

HALVES = {SELECT: REPORT, REPORT: SELECT}


def one_sign(standard: np.ndarray, others: Iterable[np.ndarray], effect: float, unit: str) -> Both:
    """A conclusion is away from 0 as it was drawn, on whichever side, and on that side under other choices.

    :param standard, others: the number whose sign is the conclusion, (networks,) each.
    """
    side = np.sign(np.mean(standard))
    return both(Difference(standard, effect, unit), *(positive(side * other, effect, unit) for other in others))


def halves_exchanged(runs: Runs) -> Runs:
    """The half of the test images to choose on and the half to report take each other's place."""

    def change(key: Key, series: Series):
        exchanged = (HALVES.get(field, field) for field in unpacked(key.choice))
        return key._replace(choice=packed(*exchanged)), series

    return runs.transformed(change)


def swap_choices(group: str, one: str, other: str, *quantities: str) -> Callable[[Runs], Runs]:
    """Quantities of a group are reported under the one choice as they are under the other, and the other way round."""
    swapped = {one: other, other: one}

    def change(key: Key, series: Series):
        swaps = key.group == group and key.quantity in quantities
        return (key._replace(choice=swapped.get(key.choice, key.choice)) if swaps else key), series

    return lambda runs: runs.transformed(change)
