"""Relations of a mean, judged by t intervals: the mean is above 0, within +-effect, or beyond +-effect."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from verify.judging import error_rates
from verify.judging.criteria import Criterion, in_units
from verify.judging.error_rates import Chance
from verify.judging.verdicts import Status, Verdict


@dataclass(frozen=True)
class MeanTest(ABC):
    """A relation of the mean of independent observations; every relation is judged in the same steps.

    values: one value per network or observation, (n,).
    effect: the smallest difference worth arguing about, in ``unit``.
    counted: what the observations are.
    """

    # The number of sides of 0 on which a false claim could come out SUPPORTED; the sides share the rate of false support.
    sides: ClassVar[int] = 1

    values: np.ndarray
    effect: float
    unit: str
    counted: str = "networks"

    def judge(self, chance: Chance) -> Verdict:
        """The verdict at the error rates of ``chance``."""
        undecided = self._undecided(chance)
        if self._too_few():
            return replace(
                undecided, reason=f"{len(self.values)} networks are too few; {error_rates.FEWEST_NETWORKS} are needed"
            )
        supports = self._supports(chance)
        if not supports and not self.values.std():
            return replace(undecided, reason=f"the {self.counted} have no spread, so that there is no t interval")
        decided = replace(undecided, detectable=self._detectable(chance))
        if supports:
            return replace(decided, status=Status.SUPPORTED, reason=supports)
        if refutes := self._refutes(chance):
            return replace(decided, status=Status.REFUTED, reason=refutes)
        needed = error_rates.networks_needed(self.values, self.effect, chance.false_support)
        return replace(decided, reason=f"detecting {self.effect:g} needs {needed:,} {self.counted}", needed=needed)

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
        return replace(verdict, lower=self._mean - reach, upper=self._mean + reach, detectable=shift)

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

    For the alarm rate, true means a mean of the effect or more. For false support, false means a mean of 0 or less.
    """

    def criteria(self) -> tuple[Criterion, ...]:
        """The relation in words."""
        effect = in_units(self.effect, self.unit)
        return (
            Criterion(
                f"the mean over {self.counted} is above 0; effect {effect}",
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
        smaller = f"; smaller than claimed ({self.effect:g})" if self._mean + reach < self.effect else ""
        return f"interval above 0, sign-flip p = {p:.2g}{smaller}"

    def _refutes(self, chance: Chance) -> str:
        shown = self._mean - self._margin(chance.false_support) > 0
        below = self._mean + self._margin(chance.alarm) < self.effect
        return f"t interval at {chance.alarm:.1g} below {self.effect:g}" if below and not shown else ""


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
