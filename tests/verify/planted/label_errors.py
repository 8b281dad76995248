"""Planted errors in how well wrong labels are found, and the claim that detects each on the digits."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace

import numpy as np

from empirical.evidence.measurement import Reading
from empirical.evidence.names import ALL, FROM_ALL, packed
from empirical.label_errors.false_discoveries import p_values, q_values
from empirical.label_errors.table import suspicions
from empirical.label_errors.verified import Verified
from tests.verify.planted.planted_error import PlantedError, formula

CODE = "empirical.instruments.small_networks.label_errors"
RATE = 0.1


def last_alone(right: Callable) -> Callable:
    """Scores of the last epoch in place of averages to twice the best one."""

    def watched(*arguments):
        from empirical.instruments.small_networks import label_errors

        found = copy(right(*arguments))
        found.watch, last = copy(found.watch), label_errors.last_epoch(found.to_each)
        found.watch.average = copy(found.watch.average)
        found.watch.average.averages = lambda: last
        return found

    return watched


def chosen_by_the_sample(right: Callable) -> Callable:
    """The epoch, and the score, with which the verified sample reports most."""

    def readings(found, wrong, noise, rng):
        from empirical.instruments.small_networks import label_errors

        held_out, draws = found.watch.held_out, []
        candidates = [suspicions(one, held_out) for one in found.to_each[1:]]
        candidates += [suspicions(replace(one, margin=None), held_out) for one in found.to_each]
        for _ in range(label_errors.SAMPLES):
            index = rng.choice(len(wrong), label_errors.VERIFIED, replace=False)
            best = max(candidates, key=lambda ranks, index=index: n_reported(ranks, wrong, index))
            draws.append(label_errors.discoveries(best, wrong, index))
        for quantity, value in zip(("false_discovery_share", "label_errors_found"), np.mean(draws, axis=0), strict=True):
            yield Reading(quantity, ALL, float(value), 0.0, label_errors.SAMPLES, packed(noise, FROM_ALL), epoch=0)

    return readings


def n_reported(ranks: np.ndarray, wrong: np.ndarray, index: np.ndarray) -> int:
    """The number of labels that a verified sample reports."""
    p = np.delete(p_values(ranks, Verified(index, ~wrong[index])), index)
    return int((q_values(p) <= RATE).sum())


def fresh_features(right: Callable) -> Callable:
    """Averages of margins for which the folds of class means are of other examples: noise."""

    def averages(found, rng):
        ranks = right(found, rng)
        return {choice: rng.permutation(score) if choice == "class-mean margin" else score for choice, score in ranks.items()}

    return averages


def labels_lost(right: Callable) -> Callable:
    """Losses under labels of which the watch knows nothing: those of the examples in another order."""

    def ranked(found, rng):
        ranks = right(found, rng)
        return {**ranks, "loss": ranks["loss/labels drawn anew"]}

    return ranked


LABEL_ERRORS = [
    PlantedError(
        "last-epoch", "scores of the last epoch in place of averages to twice the best one", "Q-08",
        formula(f"{CODE}.watched", last_alone),
    ),
    PlantedError(
        "sample-chooses-the-epoch", "scores and epochs chosen with which the verified sample reports most", "Q-07",
        formula(f"{CODE}.discovery_readings", chosen_by_the_sample),
    ),
    PlantedError(
        "margins-of-others", "class-mean margins that belong to other examples", "Q-06",
        formula(f"{CODE}.ranked_scores", fresh_features),
    ),
    PlantedError(
        "losses-under-other-labels", "losses under labels in another order than the examples", "Q-05",
        formula(f"{CODE}.ranked_scores", labels_lost),
    ),
]  # fmt: skip
