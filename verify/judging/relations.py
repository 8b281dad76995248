"""The relations that a claim can assert.

``effect`` is the smallest difference worth arguing about, in the units of the measurement. The first axis of an array of
observations is the trained network, which is the unit of replication. Values nested in a network are averaged first.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory import RELATIVE_ACCURACY
from verify.judging.mean_tests import Difference, Directional, Equality
from verify.judging.rules import PILOT, Ascent, Average, BinomialLaw, Both, Identity, Relation
from verify.judging.verdicts import Broken


def positive(
    values: ArrayLike, effect: float, unit: str = "", *, about: str = "", layers: Sequence[str] = (), note: str = ""
) -> Directional:
    """The relation that the values, (networks, ...), are above 0 on average.

    :param about: what the values are of, in words, where a claim has several parts.
    :param layers: names for the last axis of the values; each layer's own verdict is then shown beneath that of the mean.
    :param note: what a reader should see beside the verdict.
    :raises ValueError: the effect is not above 0.
    :raises Broken: a value is not finite.
    """
    shown = {"about": about, "layers": _by_layer(values, layers), "note": note}
    return Directional(_per_network(values), _worth_arguing(effect), unit, **shown)


def dominates(larger: ArrayLike, smaller: ArrayLike, effect: float, unit: str = "", **shown: Any) -> Directional:
    """The relation that the first values exceed the second, (networks, ...) each, network by network.

    Further parameters and errors as for :func:`positive`.
    """
    return positive(np.asarray(larger) - np.asarray(smaller), effect, unit, **shown)


def exceeds(larger: ArrayLike, bound: ArrayLike, unit: str = "", **shown: Any) -> Directional:
    """The relation that a number is above a bound that the claim names, such as one half; how far above does not matter.

    Further parameters and errors as for :func:`positive`.
    """
    above = np.asarray(larger) - np.asarray(bound)
    return Directional(_per_network(above), 0.0, unit, **{**shown, "layers": _by_layer(above, shown.get("layers", ()))})


def increases(values: ArrayLike, effect: float, unit: str = "per step", **shown: Any) -> Directional:
    """The relation that the values, (networks, steps), rise along their second axis.

    The claim is judged on the least-squares slope per step of each network. Further parameters as for :func:`positive`.
    """
    return positive(slope(values), effect, unit, **shown)


def slope(values: ArrayLike) -> np.ndarray:
    """Least-squares slope per step along the second axis of values (networks, steps), (networks,)."""
    values = np.asarray(values, dtype=float)
    steps = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    return values @ steps / (steps @ steps)


def negligible(
    values: ArrayLike, effect: float, unit: str = "", *, about: str = "", layers: Sequence[str] = (), note: str = ""
) -> Equality:
    """The relation that the values, (networks, ...), are 0 on average to within the effect.

    Parameters and errors as for :func:`positive`.
    """
    shown = {"about": about, "layers": _by_layer(values, layers), "note": note}
    return Equality(_per_network(values), _worth_arguing(effect), unit, **shown)


def equivalent(one: ArrayLike, other: ArrayLike, effect: float, unit: str = "", **shown: Any) -> Equality:
    """The relation that two measurements, (networks, ...) each, agree network by network to within the effect.

    Further parameters and errors as for :func:`positive`.
    """
    return negligible(np.asarray(one) - np.asarray(other), effect, unit, **shown)


def matches(predicted: ArrayLike, measured: ArrayLike, effect: float | None = None) -> Equality | Identity:
    """The relation that a prediction agrees with a measurement.

    :param effect: the relative difference, averaged over networks, lies within it; both are then (networks, ...). None compares
        closed forms at the accuracy that :mod:`theory` declares.
    """
    predicted, measured = np.asarray(predicted, dtype=float), np.asarray(measured, dtype=float)
    if effect is None:
        return Identity(predicted, measured, RELATIVE_ACCURACY)
    return negligible(measured / predicted - 1, effect, "relative")


def approximates(predicted: ArrayLike, reference: ArrayLike, effect: float) -> Identity:
    """The relation that an approximate formula, or the end of a training without chance, is right to a relative ``effect``."""
    return Identity(np.asarray(predicted, dtype=float), np.asarray(reference, dtype=float), _worth_arguing(effect))


def vanishes(violations: ArrayLike, scale: ArrayLike = 1.0) -> Identity:
    """The relation that numbers are 0 at the accuracy that :mod:`theory` declares, relative to their scale."""
    return Identity(1 + np.asarray(violations, dtype=float) / scale, np.ones(()), RELATIVE_ACCURACY)


def law(
    predicted: float, sample: Callable[[int, np.random.Generator], int], effect: float, counted: str = "dichotomies"
) -> BinomialLaw:
    """The relation that trials succeed with exactly the predicted probability.

    The number of trials follows from the effect: a deviation of that size is rejected with probability 0.999.

    :param sample: a function of (n, rng) that returns the successes in n fresh trials.
    :param effect: a difference of probabilities, at most 0.5.
    :param counted: what a trial is.
    :raises ValueError: the effect is not above 0, or is above 0.5.
    """
    if _worth_arguing(effect) > 0.5:
        raise ValueError(f"received effect={effect!r}, but a difference of probabilities is at most 0.5; give a smaller effect")
    return BinomialLaw(predicted, sample, effect, counted)


def averages(
    predicted: float,
    sample: Callable[[int, np.random.Generator], np.ndarray],
    effect: float,
    counted: str = "probes",
    pilot: int = PILOT,
) -> Average:
    """The relation that the mean of independent observations is the predicted number.

    The number of observations follows from the effect and from the spread of a pilot: an exactly right prediction comes out
    SUPPORTED with probability 0.999.

    :param sample: a function of (n, rng) that returns n fresh observations, (n,).
    :param effect: relative to the prediction.
    :param counted: what an observation is.
    :param pilot: 100 or more observations, which are never judged; fewer than 400 only where they are slow and nearly Gaussian.
    """
    return Average(Equality, float(predicted), float(predicted), sample, _worth_arguing(effect), "relative", counted, pilot)


def differs(
    sample: Callable[[int, np.random.Generator], np.ndarray], effect: float, unit: str = "", counted: str = "probes"
) -> Average:
    """The relation that the mean of independent observations is further from 0 than the effect, on either side.

    The observations are drawn as for :func:`averages`: a mean of twice the effect comes out SUPPORTED with probability 0.999.

    :param effect: in the unit of the observations.
    """
    return Average(Difference, 0.0, 1.0, sample, _worth_arguing(effect), unit, counted)


def agrees(
    sample: Callable[[int, np.random.Generator], np.ndarray],
    effect: float,
    unit: str = "",
    counted: str = "draws",
    pilot: int = PILOT,
) -> Average:
    """The relation that two routes have one mean: fresh differences between them average to 0, to within the effect.

    The differences are drawn as for :func:`averages`: routes with exactly equal means come out SUPPORTED with probability
    0.999.

    :param effect: in the unit of the differences.
    :param pilot: as for :func:`averages`.
    """
    return Average(Equality, 0.0, 1.0, sample, _worth_arguing(effect), unit, counted, pilot)


def rises(
    sample: Callable[[int, np.random.Generator], np.ndarray], effect: float, unit: str = "per step", counted: str = "draws"
) -> Ascent:
    """The relation that the mean over a dozen fresh draws rises at every step; for draws too slow to repeat hundreds of times.

    :param sample: a function of (n, rng) that measures n draws at every stage, (n, steps + 1).
    """
    return Ascent(sample, _worth_arguing(effect), unit, counted)


def both(*relations: Relation, chosen: bool = False, common: bool = False) -> Both:
    """The relation that all of several relations hold.

    :param chosen: whether the networks decide which relations there are; another set of networks may then have others.
    :param common: whether all parts have the same random numbers: their samples are of several quantities of the same draws.
    """
    return Both(relations, chosen, common)


def _per_network(values) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    if values.ndim == 0 or not np.all(np.isfinite(values)):
        raise Broken(f"received observations {values!r:.120}; they must be finite, one or more per network")
    return values.reshape(len(values), -1).mean(axis=1)


def _by_layer(values, layers: Sequence[str]) -> tuple[tuple[str, np.ndarray], ...]:
    """The values of every layer, by its name; none where layers are not named."""
    if not layers:
        return ()
    columns = np.asarray(values, dtype=float)
    return tuple((name, _per_network(columns[..., index])) for index, name in enumerate(layers))


def _worth_arguing(effect: float) -> float:
    if not effect > 0:
        raise ValueError(f"received effect={effect!r}, which is not above 0; give the smallest difference worth arguing about")
    return effect
