"""What is said of a mean, and judged by t intervals: that it is above 0, within +-effect, or beyond it."""

from dataclasses import dataclass

import numpy as np

from verify.judging import error_rates
from verify.judging.error_rates import Chance
from verify.judging.verdicts import Status, Verdict


@dataclass(frozen=True)
class Directional:
    """The mean over networks is above 0. ``values``: (networks,); ``counted`` says what they are, where not networks.

    True, for the alarm rate, is a mean of the effect or more; false, for false support, a mean of 0 or less.
    """

    values: np.ndarray
    effect: float
    unit: str
    counted: str = "networks"

    def judge(self, chance: Chance) -> Verdict:
        values, effect = self.values, self.effect
        numbers = _numbers(values, self.unit, chance.false_support, self.counted)
        numbers["predicted"] = f"a mean above 0, effect {effect:g} {self.unit}"
        numbers["p_value"] = error_rates.t_excess_p(values, effect - float(values.mean()))
        if len(values) < error_rates.FEWEST_NETWORKS:
            return Verdict(Status.INCONCLUSIVE, _undecidable(values, self.counted), **numbers)
        mean, reach = float(values.mean()), error_rates.t_margin(values, chance.false_support)
        # The flips are the dearer test, and say nothing where the interval does not.
        if mean - reach > 0 and (p := error_rates.sign_flip_p(values)) <= chance.false_support:
            smaller = f"; smaller than claimed ({effect:g})" if mean + reach < effect else ""
            return Verdict(Status.SUPPORTED, f"interval above 0, sign-flip p = {p:.2g}{smaller}", **numbers)
        if values.std() == 0:
            return Verdict(Status.INCONCLUSIVE, _undecidable(values, self.counted), **numbers)
        if mean - reach <= 0 and mean + error_rates.t_margin(values, chance.alarm) < effect:
            return Verdict(Status.REFUTED, f"t interval at {chance.alarm:.1g} below {effect:g}", **numbers)
        return Verdict(Status.INCONCLUSIVE, _would_see(values, effect, chance, self.counted), **numbers)


@dataclass(frozen=True)
class Equality:
    """The mean lies within +-effect. ``values``: differences from the prediction, one per network or observation, (n,).

    True, for the alarm rate, is a mean within the effect; false, for false support, one beyond it.
    """

    values: np.ndarray
    effect: float
    unit: str
    counted: str = "networks"

    def judge(self, chance: Chance) -> Verdict:
        values, effect = self.values, self.effect
        numbers = _numbers(values, self.unit, chance.false_support, self.counted)
        numbers["predicted"] = f"a mean of 0, to within {effect:g} {self.unit}"
        numbers["p_value"] = min(1.0, 2 * error_rates.t_excess_p(values, abs(float(values.mean())) - effect))
        if reason := _undecidable(values, self.counted):
            return Verdict(Status.INCONCLUSIVE, reason, **numbers)
        # A mean this far from 0 comes out SUPPORTED with probability 0.001.
        numbers["detectable"] = (
            effect + error_rates.t_margin(values, 1 - error_rates.POWER) - error_rates.t_margin(values, chance.false_support)
        )
        distance, reach = abs(float(values.mean())), error_rates.t_margin(values, chance.false_support)
        if distance + reach < effect:
            return Verdict(Status.SUPPORTED, f"t interval inside +-{effect:g}", **numbers)
        if distance - error_rates.t_margin(values, chance.alarm / 2) > effect:
            return Verdict(Status.REFUTED, f"t interval at {chance.alarm:.1g} outside +-{effect:g}", **numbers)
        return Verdict(Status.INCONCLUSIVE, _would_see(values, effect, chance, self.counted), **numbers)


@dataclass(frozen=True)
class Difference:
    """The mean lies beyond +-effect, on whichever side: the reverse of :class:`Equality`, its error rates exchanged."""

    values: np.ndarray
    effect: float
    unit: str
    counted: str = "networks"

    def judge(self, chance: Chance) -> Verdict:
        values, effect = self.values, self.effect
        numbers = _numbers(values, self.unit, chance.false_support / 2, self.counted)
        numbers["predicted"] = f"a mean away from 0, by more than {effect:g} {self.unit}"
        numbers["p_value"] = error_rates.t_excess_p(values, effect - abs(float(values.mean())))
        if reason := _undecidable(values, self.counted):
            return Verdict(Status.INCONCLUSIVE, reason, **numbers)
        numbers["detectable"] = effect + error_rates.detectable_shift(values, chance.false_support / 2)
        distance, reach = abs(float(values.mean())), error_rates.t_margin(values, chance.false_support / 2)
        if distance - reach > effect:
            return Verdict(Status.SUPPORTED, f"t interval outside +-{effect:g}", **numbers)
        if distance + error_rates.t_margin(values, chance.alarm) < effect:
            return Verdict(Status.REFUTED, f"t interval at {chance.alarm:.1g} inside +-{effect:g}", **numbers)
        return Verdict(Status.INCONCLUSIVE, _would_see(values, effect, chance, self.counted), **numbers)


def _undecidable(values, counted="networks") -> str:
    """Why a t interval says nothing; empty where it does."""
    if counted == "networks" and len(values) < error_rates.FEWEST_NETWORKS:
        return f"{len(values)} networks, {error_rates.FEWEST_NETWORKS} needed"
    return "" if values.std() else f"no spread between {counted}: a t interval says nothing"


def _would_see(values, effect, chance, counted="networks") -> str:
    return f"would see {effect:g} with {error_rates.networks_needed(values, effect, chance.false_support):,} {counted}"


def _numbers(values, unit, error, counted="networks") -> dict:
    mean = float(values.mean())
    shared = {"value": mean, "unit": unit, "n": len(values), "counted": counted}
    if len(values) < 2:
        return shared
    reach = error_rates.t_margin(values, error)
    return {**shared, "lower": mean - reach, "upper": mean + reach, "detectable": error_rates.detectable_shift(values, error)}
