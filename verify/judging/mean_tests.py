"""Relations of a mean, judged by t intervals: the mean is above 0, within +-effect, or beyond +-effect."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

import numpy as np

from verify.judging import error_rates
from verify.judging.criteria import Criterion, in_units
from verify.judging.error_rates import Chance
from verify.judging.verdicts import Status, Verdict

SMALLER = "smaller than claimed"


class Leaning(NamedTuple):
    """The outcome that an undecided estimate leans to, and the one-sided bound that would decide it.

    gap: the distance from the estimate that the bound must not reach. error: of the bound.
    """

    outcome: str
    gap: float
    error: float


@dataclass(frozen=True)
class MeanTest(ABC):
    """A relation of the mean of independent observations; every relation is judged in the same steps.

    values: one value per network or observation, (n,).
    effect: the smallest difference worth arguing about, in ``unit``.
    counted: what the observations are.
    about: what the values are of, in words; empty where the claim has one part.
    note: what a reader should see beside the verdict.
    layers: names of layers, each with its own values, (n,), of which ``values`` are the means. They are judged to be shown.
    """

    # The number of sides of 0 on which a false claim could come out SUPPORTED; the sides share the rate of false support.
    sides: ClassVar[int] = 1

    values: np.ndarray
    effect: float
    unit: str
    counted: str = "networks"
    about: str = ""
    layers: tuple[tuple[str, np.ndarray], ...] = ()
    note: str = ""

    def judge(self, chance: Chance) -> Verdict:
        """The verdict at the error rates of ``chance``."""
        beneath = (replace(self, values=values, about=name, layers=(), note="").judge(chance) for name, values in self.layers)
        return replace(self._judged(chance), about=self.about, layers=tuple(beneath), note=self.note)

    def _judged(self, chance: Chance) -> Verdict:
        undecided = self._undecided(chance)
        if self._too_few():
            return replace(
                undecided, reason=f"{len(self.values)} networks are too few; {error_rates.FEWEST_NETWORKS} are needed"
            )
        supports = self._supports(chance)
        if not supports and not self.values.std():
            return replace(undecided, reason=f"the {self.counted} have no spread, so that there is no t interval")
        decided = replace(undecided, detectable=self._detectable(chance))
        if smaller := self._smaller(chance):
            return replace(decided, reason=smaller)
        if supports:
            return replace(decided, status=Status.SUPPORTED, reason=supports)
        if refutes := self._refutes(chance):
            return replace(decided, status=Status.REFUTED, reason=refutes)
        return self._open(decided, chance)

    def _open(self, undecided: Verdict, chance: Chance) -> Verdict:
        """The verdict where no rule decides."""
        leaning = self._leaning(chance)
        if not leaning.gap:
            return replace(undecided, reason="the mean is at a bound, where no number of observations decides")
        needed = error_rates.networks_needed(self.values, leaning.gap, leaning.error)
        words = f"leans to {leaning.outcome}, which {needed:,} {self.counted} like these would show"
        return replace(undecided, reason=words, leans=leaning.outcome, needed=needed)

    @abstractmethod
    def criteria(self) -> tuple[Criterion, ...]:
        """The relation in words."""

    @abstractmethod
    def _predicted(self) -> str:
        """The statement about the mean, in words."""

    @abstractmethod
    def _p_value(self) -> float:
        """The smallest alarm rate at which the relation is refuted."""

    @abstractmethod
    def _supports(self, chance: Chance) -> str:
        """The rule that makes the verdict SUPPORTED; "" where none does."""

    @abstractmethod
    def _refutes(self, chance: Chance) -> str:
        """The rule that makes the verdict REFUTED; "" where none does."""

    @abstractmethod
    def _leaning(self, chance: Chance) -> Leaning:
        """The outcome if the mean were the estimate."""

    def _smaller(self, chance: Chance) -> str:
        """The rule by which a mean has the claimed side and less than the claimed size; "" where none does."""
        return ""

    def _detectable(self, chance: Chance) -> float:
        """The mean that would have been detected with probability 0.999."""
        return error_rates.detectable_shift(self.values, chance.false_support / self.sides)

    def _undecided(self, chance: Chance) -> Verdict:
        """The verdict with its numbers, before any rule decides."""
        verdict = Verdict(
            Status.INCONCLUSIVE,
            "",
            value=self._mean,
            unit=self.unit,
            n=len(self.values),
            counted=self.counted,
            predicted=self._predicted(),
            p_value=self._p_value(),
        )
        if len(self.values) < 2:
            return verdict
        reach = self._margin(chance.false_support / self.sides)
        shift = error_rates.detectable_shift(self.values, chance.false_support / self.sides)
        error = float(np.std(self.values, ddof=1) / np.sqrt(len(self.values)))
        return replace(verdict, lower=self._mean - reach, upper=self._mean + reach, detectable=shift, se=error)

    def _too_few(self) -> bool:
        return self.counted == "networks" and len(self.values) < error_rates.FEWEST_NETWORKS

    @property
    def _mean(self) -> float:
        return float(self.values.mean())

    def _margin(self, error: float) -> float:
        return error_rates.t_margin(self.values, error)


@dataclass(frozen=True)
class Directional(MeanTest):
    """The relation that the mean is above 0.

    For the alarm rate, true means a mean of the effect or more. For false support, false means a mean of 0 or less. A mean
    between 0 and the effect has the claimed sign and not the claimed size: where the interval shows both, the verdict is
    INCONCLUSIVE, and says so.
    """

    def criteria(self) -> tuple[Criterion, ...]:
        """The relation in words."""
        effect = in_units(self.effect, self.unit)
        return (
            Criterion(
                f"the mean over {self.counted} is above 0, and not all of its t interval is below {effect}",
                f"a mean not shown to be above 0, whose t interval lies below {effect}",
            ),
        )

    def _predicted(self) -> str:
        return f"a mean above 0, effect {self.effect:g} {self.unit}"

    def _p_value(self) -> float:
        return error_rates.t_excess_p(self.values, self.effect - self._mean)

    def _supports(self, chance: Chance) -> str:
        reach = self._margin(chance.false_support)
        # The sign-flip test takes longer, and cannot support where the interval does not.
        if self._mean - reach <= 0 or (p := error_rates.sign_flip_p(self.values)) > chance.false_support:
            return ""
        return f"interval above 0, sign-flip p = {p:.2g}"

    def _smaller(self, chance: Chance) -> str:
        reach = self._margin(chance.false_support)
        between = self._mean - reach > 0 and self._mean + reach < self.effect
        return f"{SMALLER}: above 0, and below {self.effect:g}" if between else ""

    def _refutes(self, chance: Chance) -> str:
        shown = self._mean - self._margin(chance.false_support) > 0
        below = self._mean + self._margin(chance.alarm) < self.effect
        return f"t interval at {chance.alarm:.1g} below {self.effect:g}" if below and not shown else ""

    def _leaning(self, chance: Chance) -> Leaning:
        if self._mean >= self.effect:
            return Leaning(Status.SUPPORTED, self._mean, chance.false_support)
        if self._mean > 0:
            return Leaning(SMALLER, min(self._mean, self.effect - self._mean), chance.false_support)
        return Leaning(Status.REFUTED, self.effect - self._mean, chance.alarm)


@dataclass(frozen=True)
class Equality(MeanTest):
    """The relation that the mean lies within +-effect; ``values`` are differences from the prediction.

    For the alarm rate, true means a mean within the effect. For false support, false means a mean beyond the effect.
    """

    def criteria(self) -> tuple[Criterion, ...]:
        """The relation in words."""
        effect = in_units(self.effect, self.unit)
        return (Criterion(f"the mean over {self.counted} is 0 to within +-{effect}", f"a t interval outside +-{effect}"),)

    def _predicted(self) -> str:
        return f"a mean of 0, to within {self.effect:g} {self.unit}"

    def _p_value(self) -> float:
        return min(1.0, 2 * error_rates.t_excess_p(self.values, abs(self._mean) - self.effect))

    def _detectable(self, chance: Chance) -> float:
        """A mean this far from 0 comes out SUPPORTED with probability 0.001."""
        return self.effect + self._margin(1 - error_rates.POWER) - self._margin(chance.false_support)

    def _supports(self, chance: Chance) -> str:
        inside = abs(self._mean) + self._margin(chance.false_support) < self.effect
        return f"t interval inside +-{self.effect:g}" if inside and self.values.std() else ""

    def _refutes(self, chance: Chance) -> str:
        outside = abs(self._mean) - self._margin(chance.alarm / 2) > self.effect
        return f"t interval at {chance.alarm:.1g} outside +-{self.effect:g}" if outside else ""

    def _leaning(self, chance: Chance) -> Leaning:
        room = self.effect - abs(self._mean)
        if room >= 0:
            return Leaning(Status.SUPPORTED, room, chance.false_support)
        return Leaning(Status.REFUTED, -room, chance.alarm / 2)


@dataclass(frozen=True)
class Difference(MeanTest):
    """The relation that the mean lies beyond +-effect, on either side: :class:`Equality` with its error rates exchanged."""

    sides: ClassVar[int] = 2

    def criteria(self) -> tuple[Criterion, ...]:
        """The relation in words."""
        effect = in_units(self.effect, self.unit)
        return (Criterion(f"the mean over {self.counted} is not within +-{effect}", f"a t interval inside +-{effect}"),)

    def _predicted(self) -> str:
        return f"a mean away from 0, by more than {self.effect:g} {self.unit}"

    def _p_value(self) -> float:
        return error_rates.t_excess_p(self.values, self.effect - abs(self._mean))

    def _detectable(self, chance: Chance) -> float:
        return self.effect + super()._detectable(chance)

    def _supports(self, chance: Chance) -> str:
        outside = abs(self._mean) - self._margin(chance.false_support / self.sides) > self.effect
        return f"t interval outside +-{self.effect:g}" if outside and self.values.std() else ""

    def _refutes(self, chance: Chance) -> str:
        inside = abs(self._mean) + self._margin(chance.alarm) < self.effect
        return f"t interval at {chance.alarm:.1g} inside +-{self.effect:g}" if inside else ""

    def _leaning(self, chance: Chance) -> Leaning:
        beyond = abs(self._mean) - self.effect
        if beyond >= 0:
            return Leaning(Status.SUPPORTED, beyond, chance.false_support / self.sides)
        return Leaning(Status.REFUTED, -beyond, chance.alarm)
