"""L-03: in a single layer with few hard examples reconstruction improves at first and degrades later.

Schneider 2022, as we remember it: the phases are proved for a single layer under a mild model of the data. The model and its
numbers, the size of .02 among them, are ours. Most examples are the prototype of their class with noise; a twentieth or a tenth
are hard, as they are the prototype of another class and a feature of their own. A linear layer from inputs to one-hot targets
descends step by step from small random weights, and a linear decoder is fitted to its outputs. The share of the inputs that it
leaves unexplained falls by .02 or more to its least, and rises from there by .02 or more. A hundred mixtures are drawn, because
under one seed in seventy all of thirty had a rise of this size.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from theory.descent import reconstruction
from verify import Relation, both, claim, given, vanishes
from verify.counterfeits import planted
from verify.strategies.mixtures import MIXTURES, Mixture

EFFECT = 0.02
# More than the rounding of a share.
ANY = 1e-6
STEPS = (0, *(2**power for power in range(12)))


def none_hard(right: Callable) -> Callable:
    """No example is hard."""
    return lambda chances, share: right(chances, 0.0)


easy = planted("verify.strategies.mixtures.are_hard", none_hard)


@claim("L-03", counterfeit=easy, source="remembered")
@given(examples=100, world=MIXTURES)
def claim_few_hard_examples_make_phases(world: Mixture) -> Relation:
    _, errors = predicted_and_measured(world)
    return both(reaches(fall(errors), EFFECT), reaches(rise(errors), EFFECT))


@claim("L-03.sign", counterfeit=easy, source="ours")
@given(examples=10, world=MIXTURES)
def claim_hard_examples_make_phases_of_any_size(world: Mixture) -> Relation:
    """L-03.sign: with few hard examples reconstruction improves at first and degrades later, by however little.

    Schneider 2022; the question is ours. This is L-03 without its size: the unexplained share falls, and rises from its least.
    The noise of 300 examples makes a small rise where no example is hard, too; so the rise is compared with that of the same
    mixture without hard examples, and is larger.
    """
    (_, errors), (_, without) = (predicted_and_measured(one) for one in (world, replace(world, hard_share=0.0)))
    return both(reaches(fall(errors), ANY), reaches(rise(errors) - rise(without), ANY))


def fall(errors: np.ndarray) -> float:
    """How far the unexplained share falls from its initial value to its least."""
    return float(errors[0] - errors.min())


def rise(errors: np.ndarray) -> float:
    """How far the unexplained share rises from its least to its last value."""
    return float(errors[-1] - errors.min())


def reaches(change: float, size: float) -> Relation:
    """The relation that a change is of a size or more; a change that is no number is not."""
    return vanishes(np.maximum(size - change, 0), scale=size)


def nothing_forgotten(right: Callable) -> Callable:
    """Initial weights that descent does not forget."""

    def descended(start, cross, values, rate, n_steps):
        return right(start, cross, values, rate, n_steps) + start * (1 - (1 - rate * values) ** n_steps)

    return descended


@claim("L-03.law", counterfeit=planted("theory.descent.reconstruction._descended", nothing_forgotten), source="ours")
@given(world=MIXTURES)
def claim_a_closed_form_says_what_is_reconstructed(world: Mixture) -> Relation:
    """L-03.law: a closed form says how well inputs are reconstructed from a single layer at every step of its training.

    Schneider 2022; the closed form is ours (theory.descent.reconstruction). It takes the second moment of the inputs, their
    moment with the targets and the initial weights. This is L-03 with the unexplained share compared with the predicted one.
    """
    predicted, measured = predicted_and_measured(world)
    return vanishes(predicted - measured)


def predicted_and_measured(world: Mixture) -> tuple[np.ndarray, np.ndarray]:
    """The share that is not reconstructed after each of :data:`STEPS`, by theory and by descent."""
    inputs, targets = world.examples
    moment, cross = inputs.T @ inputs / len(inputs), targets.T @ inputs / len(inputs)
    rate = float(1 / np.linalg.eigvalsh(moment)[-1])
    return reconstruction.errors(world.start(), moment, cross, rate, STEPS), world.reconstruction_errors(rate, STEPS)
