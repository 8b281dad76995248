"""The rules that turn a relation into a verdict; claims name relations by the words of :mod:`verify.relations`.

Nothing is drawn or decided until a relation is judged with a :class:`~verify.chance.Chance`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from theory import RELATIVE_ACCURACY
from verify import chance as rates
from verify.chance import Chance
from verify.verdict import Status, Verdict, combine

NO_SPREAD = "no spread between networks: a t interval says nothing"


@dataclass(frozen=True)
class Directional:
    """The mean over networks is above 0. ``values``: (networks,).

    True, for the alarm rate, is a mean of the effect or more; false, for false support, a mean of 0 or less.
    """

    values: np.ndarray
    effect: float
    unit: str

    def judge(self, chance: Chance) -> Verdict:
        values, effect = self.values, self.effect
        numbers = _numbers(values, self.unit, chance.false_support)
        if len(values) < rates.FEWEST_NETWORKS:
            return Verdict(Status.INCONCLUSIVE, _too_few(values), **numbers)
        mean, reach = float(values.mean()), rates.t_margin(values, chance.false_support)
        p = rates.sign_flip_p(values)
        if p <= chance.false_support and mean - reach > 0:
            smaller = f"; smaller than claimed ({effect:g})" if mean + reach < effect else ""
            return Verdict(Status.SUPPORTED, f"interval above 0, sign-flip p = {p:.2g}{smaller}", **numbers)
        if values.std() == 0:
            return Verdict(Status.INCONCLUSIVE, NO_SPREAD, **numbers)
        if mean - reach <= 0 and mean + rates.t_margin(values, chance.alarm) < effect:
            return Verdict(Status.REFUTED, f"t interval at {chance.alarm:.1g} below {effect:g}", **numbers)
        return Verdict(Status.INCONCLUSIVE, _would_see(values, effect, chance), **numbers)


@dataclass(frozen=True)
class Equality:
    """The mean over networks lies within +-effect. ``values``: differences from the prediction, (networks,)."""

    values: np.ndarray
    effect: float
    unit: str

    def judge(self, chance: Chance) -> Verdict:
        values, effect = self.values, self.effect
        numbers = _numbers(values, self.unit, chance.false_support)
        if len(values) < rates.FEWEST_NETWORKS:
            return Verdict(Status.INCONCLUSIVE, _too_few(values), **numbers)
        # A mean this far from 0 comes out SUPPORTED with probability 0.001.
        numbers["detectable"] = effect + rates.t_margin(values, 1 - rates.POWER) - rates.t_margin(values, chance.false_support)
        if values.std() == 0:
            return Verdict(Status.INCONCLUSIVE, NO_SPREAD, **numbers)
        distance, reach = abs(float(values.mean())), rates.t_margin(values, chance.false_support)
        if distance + reach < effect:
            return Verdict(Status.SUPPORTED, f"t interval inside +-{effect:g}", **numbers)
        if distance - rates.t_margin(values, chance.alarm / 2) > effect:
            return Verdict(Status.REFUTED, f"t interval at {chance.alarm:.1g} outside +-{effect:g}", **numbers)
        return Verdict(Status.INCONCLUSIVE, _would_see(values, effect, chance), **numbers)


@dataclass(frozen=True)
class Identity:
    """Two numbers or arrays agree to a declared relative accuracy: no chance in it."""

    predicted: np.ndarray
    reference: np.ndarray
    accuracy: float

    def judge(self, chance: Chance) -> Verdict:
        predicted, reference = np.broadcast_arrays(self.predicted, self.reference)
        with np.errstate(invalid="ignore", divide="ignore"):
            errors = np.abs(predicted - reference) / np.abs(reference)
        errors = np.where(predicted == reference, 0.0, errors)
        worst = float(np.max(np.where(np.isnan(errors), np.inf, errors)))
        holds = worst <= self.accuracy
        return Verdict(
            Status.SUPPORTED if holds else Status.REFUTED,
            f"largest relative difference {worst:.1g}, declared accuracy {self.accuracy:g}",
            value=worst if np.isfinite(worst) else None,
            unit="relative",
            n=errors.size,
            counted="comparisons",
            strain=min(worst / self.accuracy, 1.0),
        )


@dataclass(frozen=True)
class BinomialLaw:
    """Trials succeed with exactly the predicted probability. ``sample(n, rng)`` counts successes in n fresh trials."""

    predicted: float
    sample: Callable[[int, np.random.Generator], int]
    effect: float
    counted: str

    def judge(self, chance: Chance) -> Verdict:
        p = float(self.predicted)
        if not -RELATIVE_ACCURACY <= p <= 1 + RELATIVE_ACCURACY:
            return Verdict(Status.REFUTED, f"the prediction {p:.6g} is not a probability", strain=1.0)
        p = min(max(p, 0.0), 1.0)
        n = rates.binomial_trials(p, self.effect, chance.alarm)
        count = self.sample(n, chance.rng())
        low, high = rates.binomial_rejection(n, p, chance.alarm)
        bounds = rates.binomial_interval(count, n, chance.alarm)
        rejected = count <= low or count >= high
        room = (high - n * p) if count > n * p else (n * p - low)
        return Verdict(
            Status.REFUTED if rejected else Status.SUPPORTED,
            f"exact binomial test of p = {p:.4f} at {chance.alarm:.1g}: {count} of {n}",
            value=count / n - p,
            lower=bounds[0] - p,
            upper=bounds[1] - p,
            unit="probability",
            n=n,
            counted=self.counted,
            detectable=self.effect,
            strain=min(abs(count - n * p) / room, 1.0),
        )


@dataclass(frozen=True)
class Both:
    """All of several relations hold; each gets its share of the alarm rate."""

    relations: tuple

    def judge(self, chance: Chance) -> Verdict:
        share = chance.split(len(self.relations))
        return combine([r.judge(share.named(f"part {i}")) for i, r in enumerate(self.relations)])


Relation = Directional | Equality | Identity | BinomialLaw | Both


def _too_few(values) -> str:
    return f"{len(values)} networks, {rates.FEWEST_NETWORKS} needed"


def _would_see(values, effect, chance) -> str:
    return f"{effect:g} with {rates.networks_needed(values, effect, chance.false_support)} networks"


def _numbers(values, unit, error) -> dict:
    mean = float(values.mean())
    shared = {"value": mean, "unit": unit, "n": len(values), "counted": "networks"}
    if len(values) < 2:
        return shared
    reach = rates.t_margin(values, error)
    return {**shared, "lower": mean - reach, "upper": mean + reach, "detectable": rates.detectable_shift(values, error)}
