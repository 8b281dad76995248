"""A-14: the order of regularizers by training speed differs between random and true labels.

Arpit et al. 2017, figure 11: the vertical order of the training curves differs. The speed of a regularizer is the training
accuracy averaged over checkpoints, with all regularizers off while it is measured; after the first twenty epochs, checkpoints
are equally spaced in log time. Over all regularizers and strengths of the sweep, the speeds on true and on random labels have a
Spearman correlation below 0.8. The correlation is corrected for chance differences between networks, which would lower it, and
its interval is that of the jackknife over networks.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from verify import Relation, claim, exceeds
from verify.claims.arpit2017.claim_a13 import RANDOM, WHERE
from verify.judging.jackknife import pseudo_values
from verify.judging.verdicts import NotAsked
from verify.measurements.memorization.regularizers import NONE, Regularized
from verify.measurements.rank_correlation import corrected_spearman
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

ALIKE = 0.8
# An order of fewer has hardly any correlations between -1 and 1.
FEWEST = 5


def one_order(sweep: Sweep) -> Sweep:
    """Sweeps beside which every world has the curves of the sweep itself, each network those of the one before it."""

    def of_the_one_before(key: Key, series: Series) -> tuple[Key, Series]:
        return key, replace(series, values=np.roll(series.values, 1, axis=0))

    same = replace(sweep, runs=tuple(runs.transformed(of_the_one_before) for runs in sweep.runs))
    return replace(sweep, beside=lambda suffix: same)


@claim("A-14", counterfeit=one_order, **WHERE)
def claim_regularizers_have_another_order_on_random_labels(sweep: Sweep) -> Relation:
    return ordered_differently(sweep, lambda compared: [[index] for index, names in enumerate(compared.names) if names])


@claim("A-14.families", counterfeit=one_order, **WHERE)
def claim_kinds_of_regularizers_have_another_order_on_random_labels(sweep: Sweep) -> Relation:
    """A-14.families: the order of kinds of regularizers by training speed differs between random and true labels.

    Arpit et al. 2017, figure 11, which shows one curve for each kind. This is A-14 with the speeds of all strengths of one
    kind averaged, so that the order of strengths, which a stronger regularizer slows on any labels, has no part in it.
    """
    return ordered_differently(
        sweep, lambda compared: [[i for i, own in enumerate(compared.names) if own == names] for names in compared.families()]
    )


def ordered_differently(sweep: Sweep, grouped: Callable[[Regularized], list[list[int]]]) -> Relation:
    """The relation that groups of regularizers, given by the numbers of their values, differ in order."""
    compared = Regularized.of(sweep, sweep.beside(RANDOM))
    groups = grouped(compared)
    if len(groups) < FEWEST:
        raise NotAsked(f"{sweep.world} has {len(groups)} regularizers besides {NONE!r} to order; {FEWEST} are required")
    true, random = (np.stack([speeds[:, own].mean(axis=1) for own in groups], axis=1) for speeds in compared.speeds())
    correlation = pseudo_values(lambda kept: corrected_spearman(true[kept], random[kept]), len(true))
    return exceeds(ALIKE, correlation, f"rank correlation below {ALIKE}")
