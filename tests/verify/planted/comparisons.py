"""Planted errors in comparisons of worlds, choices and layers, and the claim that detects each where every claim is true."""

from collections.abc import Callable
from unittest.mock import patch

import numpy as np

from tests.verify.planted.planted_error import Plant, PlantedError, formula
from tests.verify.planted.slips.slip import slip
from verify.measurements.runs import Runs

CHEAP = "verify.measurements.memorization.regularizers.CHEAP"


def layerwise(wrong: Callable) -> Plant:
    """Quantities of layers read wrongly from a table."""
    return Plant("verify.measurements.runs.Runs.layerwise", lambda: patch.object(Runs, "layerwise", wrong(Runs.layerwise)))


def without_its_own_baseline(right):
    """Under another choice a manifold is held against the permuted manifold of the standard one."""

    def excess(runs, quantity, when, choice=""):
        if not choice:
            return right(runs, quantity, when)
        measured, standard = (runs.layerwise(quantity, "permuted", when, one) for one in (choice, ""))
        return np.log(measured / standard)

    return excess


def of_the_whole(right):
    """Each layer's distance from initialization is that of all layers together."""

    def read(runs, quantity, group, when, choice="", layers=None):
        found = right(runs, quantity, group, when, choice, layers)
        whole = quantity == "distance_from_initialization"
        return np.tile(np.linalg.norm(found, axis=1)[:, None], found.shape[1]) if whole else found

    return read


def unmeasured_after(right):
    """What leaves a block is read off where it enters."""

    def read(runs, quantity, group, when, choice="", layers=None):
        return right(runs, quantity, group, when, choice.replace("after", "before"), layers)

    return read


def in_epochs():
    """An epoch taken for an update."""
    return patch.object(Runs, "updates_per_epoch", 1)


def per_step(right):
    """The slope from one value to the next in place of the slope over the logarithm of the values."""
    return lambda logs, values: right(logs, np.exp(np.arange(len(values))))


def of_training(runs):
    """The epoch of best accuracy on permuted labels taken for the epoch of best test accuracy."""
    accuracy = runs.series("accuracy", "permuted")
    return accuracy.epochs[np.argmax(accuracy.values, axis=1)]


COMPARED = [
    PlantedError(
        "variant-against-the-standard", "under another choice of points, the standard choice taken for the null line",
        "S-07.choices", formula("verify.claims.stephenson2021.claim_s07_choices.excess", without_its_own_baseline),
    ),
    PlantedError(
        "distance-of-the-whole", "every layer's distance from initialization is the whole network's", "Y-02",
        layerwise(of_the_whole),
    ),
    PlantedError(
        "block-read-once", "what leaves a block read off where it enters", "N-06",
        layerwise(unmeasured_after),
    ),
    PlantedError(
        "time-in-epochs", "the time to a loss level in epochs, which are longer for more images", "A-08.linear",
        Plant("verify.measurements.runs.Runs.updates_per_epoch", in_epochs),
    ),
    PlantedError(
        "slope-per-step", "the exponent of time over size taken from one number of images to the next, twice as large",
        "A-08.linear", formula("verify.measurements.memorization.time_to_loss.exponents", per_step),
    ),
    PlantedError(
        "cost-ignored", "the strongest regularizer chosen, whatever it costs on true labels", "A-13",
        Plant(CHEAP, lambda: patch(CHEAP, np.inf)),
    ),
    PlantedError(
        "gain-squared-in-theory", "the square of the gain in the theory of wide networks", "Z-03.curve",
        formula(
            "verify.measurements.identity.constant_correlation",
            lambda right: lambda rho, depth, gain, *rest: right(rho, depth, gain**2, *rest),
        ),
    ),
    PlantedError(
        "radius-for-dimension", "balls whose radius is the dimension, and the other way round", "N-09",
        slip(
            "verify.claims.cohen2020.claim_n09.balls_over_manifolds",
            "radius, np.maximum(dimension, 1.0)", "dimension, np.maximum(radius, 1.0)",
        ),
    ),
    PlantedError(
        "peak-of-training", "the epoch of best accuracy on the labels trained on taken for the peak of test accuracy", "A-12",
        Plant("verify.measurements.runs.Runs.turning_points", lambda: patch.object(Runs, "turning_points", of_training)),
    ),
]  # fmt: skip

# An error that no number shows, and the world without an effect that does: (name, what is wrong, what turns).
CHOICE_LEAKED = (
    "regularizer-leaked",
    "a regularizer chosen on the networks on which it is measured",
    "A-13, where no regularizer has an effect: SUPPORTED too often",
)
