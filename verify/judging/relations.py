"""The relations a claim can assert.

``effect`` is always the smallest difference worth arguing about, in the measurement's own units. Observations come as arrays
whose first axis is the trained network, the unit of replication; what is nested in a network is averaged first.
"""

from collections.abc import Callable

import numpy as np

from theory import RELATIVE_ACCURACY
from verify.judging.mean_tests import Difference, Directional, Equality
from verify.judging.rules import PILOT, Ascent, Average, BinomialLaw, Both, Identity, Relation
from verify.judging.verdicts import Broken


def positive(values, effect: float, unit: str = "") -> Directional:
    """The values are above 0 on average. :param values: (networks, ...)."""
    return Directional(_per_network(values), _worth_arguing(effect), unit)


def dominates(larger, smaller, effect: float, unit: str = "") -> Directional:
    """The first exceeds the second, network by network. Both: (networks, ...)."""
    return positive(np.asarray(larger) - np.asarray(smaller), effect, unit)


def increases(values, effect: float, unit: str = "per step") -> Directional:
    """The values rise along their second axis: least-squares slope per step, network by network. (networks, steps)."""
    return positive(slope(values), effect, unit)


def slope(values) -> np.ndarray:
    """Least-squares slope per step along the second axis, (networks,). :param values: (networks, steps)."""
    values = np.asarray(values, dtype=float)
    steps = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    return values @ steps / (steps @ steps)


def negligible(values, effect: float, unit: str = "") -> Equality:
    """The values are 0 on average, to within the effect. :param values: (networks, ...)."""
    return Equality(_per_network(values), _worth_arguing(effect), unit)


def equivalent(one, other, effect: float, unit: str = "") -> Equality:
    """Two measurements agree, network by network, to within the effect. Both: (networks, ...)."""
    return negligible(np.asarray(one) - np.asarray(other), effect, unit)


def matches(predicted, measured, effect: float | None = None) -> Equality | Identity:
    """A prediction agrees with a measurement.

    With ``effect``: the relative difference averaged over networks lies within it; both (networks, ...). Without: closed
    forms, compared at the accuracy that :mod:`theory` declares.
    """
    predicted, measured = np.asarray(predicted, dtype=float), np.asarray(measured, dtype=float)
    if effect is None:
        return Identity(predicted, measured, RELATIVE_ACCURACY)
    return negligible(measured / predicted - 1, effect, "relative")


def approximates(predicted, reference, effect: float) -> Identity:
    """A formula that is an approximation, or the end of a training without chance, is right to within a relative ``effect``."""
    return Identity(np.asarray(predicted, dtype=float), np.asarray(reference, dtype=float), _worth_arguing(effect))


def vanishes(violations, scale=1.0) -> Identity:
    """Numbers that should be 0 are, at the accuracy that :mod:`theory` declares, relative to their scale."""
    return Identity(1 + np.asarray(violations, dtype=float) / scale, np.ones(()), RELATIVE_ACCURACY)


def law(
    predicted: float, sample: Callable[[int, np.random.Generator], int], effect: float, counted: str = "dichotomies"
) -> BinomialLaw:
    """Trials succeed with exactly the predicted probability; ``sample(n, rng)`` returns the successes in n trials.

    The number of trials follows from the effect: one that large is rejected with probability 0.999. ``counted`` says what a
    trial is.
    """
    if _worth_arguing(effect) > 0.5:
        raise ValueError(f"effect must be at most 0.5, a difference of probabilities; received {effect!r}")
    return BinomialLaw(predicted, sample, effect, counted)


def averages(
    predicted: float,
    sample: Callable[[int, np.random.Generator], np.ndarray],
    effect: float,
    counted: str = "probes",
    pilot: int = PILOT,
) -> Average:
    """The mean of independent observations is the predicted number; ``sample(n, rng)`` returns n of them, (n,).

    ``effect`` is relative to the prediction. The number of observations follows from it and from the spread of a pilot, so
    that a prediction that is exactly right comes out SUPPORTED with probability 0.999. ``counted`` says what they are.

    :param pilot: 100 or more observations, never judged; fewer than 400 only where they are dear and nearly Gaussian.
    """
    return Average(Equality, float(predicted), float(predicted), sample, _worth_arguing(effect), "relative", counted, pilot)


def differs(
    sample: Callable[[int, np.random.Generator], np.ndarray], effect: float, unit: str = "", counted: str = "probes"
) -> Average:
    """The mean of independent observations is further from 0 than the effect, on whichever side; in their own units.

    Drawn as for :func:`averages`: a mean of twice the effect comes out SUPPORTED with probability 0.999.
    """
    return Average(Difference, 0.0, 1.0, sample, _worth_arguing(effect), unit, counted)


def agrees(
    sample: Callable[[int, np.random.Generator], np.ndarray],
    effect: float,
    unit: str = "",
    counted: str = "draws",
    pilot: int = PILOT,
) -> Average:
    """Two routes lead to one mean: fresh differences between them average to 0, within the effect, in their own units.

    Drawn as for :func:`averages`: routes with exactly the same mean come out SUPPORTED with probability 0.999.

    :param pilot: as for :func:`averages`.
    """
    return Average(Equality, 0.0, 1.0, sample, _worth_arguing(effect), unit, counted, pilot)


def rises(
    sample: Callable[[int, np.random.Generator], np.ndarray], effect: float, unit: str = "per step", counted: str = "draws"
) -> Ascent:
    """The mean over a dozen fresh draws rises at every step; for what takes too long to draw hundreds of times.

    ``sample(n, rng)`` measures n draws at every stage of the ascent, (n, steps + 1).
    """
    return Ascent(sample, _worth_arguing(effect), unit, counted)


def both(*relations: Relation) -> Both:
    """Every one of the relations holds."""
    return Both(relations)


def _per_network(values) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    if values.ndim == 0 or not np.all(np.isfinite(values)):
        raise Broken(f"observations must be finite, one or more per network; received {values!r:.120}")
    return values.reshape(len(values), -1).mean(axis=1)


def _worth_arguing(effect: float) -> float:
    if not effect > 0:
        raise ValueError(f"effect must be > 0, the smallest difference worth arguing about; received {effect!r}")
    return effect
