"""Relations of a mean, judged by intervals: the mean is above 0, within +-effect, or beyond +-effect.

The bounds of an interval are those of :mod:`verify.judging.mean_bounds`, which allow for skewed values.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from verify.judging import error_rates, mean_bounds
from verify.judging.criteria import Criterion, in_units
from verify.judging.error_rates import Chance
from verify.judging.verdicts import Status, Verdict

SMALLER = "smaller than claimed"
SKEWED = "values visibly skewed"
# How many times as many networks, and at most how many, are tried where none of the rules decides.
TIMES = (2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256)
MOST = 1_000_000
# The values of networks are shown, not judged again.
DIGITS = 7


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
    # The kind of rule, in a word.
    rule: ClassVar[str]

    values: np.ndarray
    effect: float
    unit: str
    counted: str = "networks"
    about: str = ""
    layers: tuple[tuple[str, np.ndarray], ...] = ()
    note: str = ""

    def judge(self, chance: Chance) -> Verdict:
        """The verdict at the error rates of ``chance``."""
        beneath = (replace(replace(self, values=values, layers=())._judged(chance), about=name) for name, values in self.layers)
        skewed = len(self.values) <= mean_bounds.FEW and bool(mean_bounds.visibly_skewed(self.values))
        note = "; ".join(filter(None, (self.note, SKEWED if skewed else "")))
        return replace(self._judged(chance), about=self.about, layers=tuple(beneath), note=note)

    def _judged(self, chance: Chance) -> Verdict:
        undecided = self._undecided(chance)
        if self._too_few():
            return replace(
                undecided, reason=f"{len(self.values)} networks are too few; {error_rates.FEWEST_NETWORKS} are needed"
            )
        if not self.values.std() and not self._supports(chance):
            return replace(undecided, reason=f"the {self.counted} have no spread, so that there is no interval")
        undecided = replace(undecided, detectable=self._detectable(chance))
        return self._decided(undecided, chance) or self._open(undecided, chance)

    def _open(self, undecided: Verdict, chance: Chance) -> Verdict:
        """The verdict where no rule decides: what the rule would say of more networks with these values."""
        for times in (times for times in TIMES if times * len(self.values) <= MOST):
            values = np.tile(self.values, times)
            decided = replace(self, values=values, layers=())._decided(replace(undecided, n=len(values)), chance)
            if decided:
                leans = decided.status if decided.status != Status.INCONCLUSIVE else SMALLER
                words = f"leans to {leans}, which {len(values):,} {self.counted} like these would show"
                return replace(undecided, reason=words, leans=leans, needed=len(values))
        return replace(undecided, reason=f"the mean is too near a bound for any number of {self.counted} to decide")

    def _decided(self, undecided: Verdict, chance: Chance) -> Verdict | None:
        """The verdict of the first rule that applies; None where none does."""
        if smaller := self._smaller(chance):
            return replace(undecided, reason=smaller)
        if supports := self._supports(chance):
            return replace(undecided, status=Status.SUPPORTED, reason=supports)
        if refutes := self._refutes(chance):
            return replace(undecided, status=Status.REFUTED, reason=refutes)
        return None

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
            **self._terms(chance),
        )
        if len(self.values) < 2:
            return verdict
        level = chance.false_support / self.sides
        shift = error_rates.detectable_shift(self.values, level)
        error = float(np.std(self.values, ddof=1) / np.sqrt(len(self.values)))
        return replace(verdict, lower=self._lower(level), upper=self._upper(level), detectable=shift, se=error)

    def _terms(self, chance: Chance) -> dict:
        """The fields of a verdict that say by what rule it is judged, and on which values."""
        values = tuple(float(f"{value:.{DIGITS}g}") for value in self.values) if self.counted == "networks" else ()
        rates = {"alarm": chance.alarm, "false_support": chance.false_support}
        return {"rule": self.rule, "effect": self.effect, "values": values, **rates}

    def _too_few(self) -> bool:
        return self.counted == "networks" and len(self.values) < error_rates.FEWEST_NETWORKS

    @property
    def _mean(self) -> float:
        return float(self.values.mean())

    def _lower(self, error: float) -> float:
        """The one-sided lower bound for the mean."""
        return float(mean_bounds.lower_bound(self.values, error))

    def _upper(self, error: float) -> float:
        """The one-sided upper bound for the mean."""
        return float(mean_bounds.upper_bound(self.values, error))

    def _p_below(self, bound: float) -> float:
        """The error at which the upper bound is at ``bound``; 1 where the mean is not below it."""
        return float(mean_bounds.p_below(self.values, bound)) if self._mean < bound else 1.0

    def _p_above(self, bound: float) -> float:
        """The error at which the lower bound is at ``bound``; 1 where the mean is not above it."""
        return float(mean_bounds.p_above(self.values, bound)) if self._mean > bound else 1.0


@dataclass(frozen=True)
class Directional(MeanTest):
    """The relation that the mean is above 0.

    For the alarm rate, true means a mean of the effect or more. For false support, false means a mean of 0 or less. A mean
    between 0 and the effect has the claimed sign and not the claimed size: where the interval shows both, the verdict is
    INCONCLUSIVE, and says so. With an effect of 0 the claim is about the sign alone.
    """

    rule: ClassVar[str] = "direction"

    def criteria(self) -> tuple[Criterion, ...]:
        """The relation in words."""
        if not self.effect:
            return (Criterion(f"the mean over {self.counted} is above 0, {self.unit}", "an interval below 0"),)
        effect = in_units(self.effect, self.unit)
        return (
            Criterion(
                f"the mean over {self.counted} is above 0, and not all of its interval is below {effect}",
                f"a mean not shown to be above 0, whose interval lies below {effect}",
            ),
        )

    def _predicted(self) -> str:
        return f"a mean above 0 {self.unit}" if not self.effect else f"a mean above 0, effect {self.effect:g} {self.unit}"

    def _p_value(self) -> float:
        return self._p_below(self.effect)

    def _supports(self, chance: Chance) -> str:
        return "interval above 0" if self._lower(chance.false_support) > 0 else ""

    def _smaller(self, chance: Chance) -> str:
        between = self._supports(chance) and self._upper(chance.false_support) < self.effect
        return f"{SMALLER}: above 0, and below {self.effect:g}" if between else ""

    def _refutes(self, chance: Chance) -> str:
        # By the t bound, because a wider interval is no reason to refute.
        shown = self._mean - error_rates.t_margin(self.values, chance.false_support) > 0
        below = self._upper(chance.alarm) < self.effect
        return f"interval at {chance.alarm:.1g} below {self.effect:g}" if below and not shown else ""


@dataclass(frozen=True)
class Equality(MeanTest):
    """The relation that the mean lies within +-effect; ``values`` are differences from the prediction.

    For the alarm rate, true means a mean within the effect. For false support, false means a mean beyond the effect.
    """

    rule: ClassVar[str] = "equality"

    def criteria(self) -> tuple[Criterion, ...]:
        """The relation in words."""
        effect = in_units(self.effect, self.unit)
        return (Criterion(f"the mean over {self.counted} is 0 to within +-{effect}", f"an interval outside +-{effect}"),)

    def _predicted(self) -> str:
        return f"a mean of 0, to within {self.effect:g} {self.unit}"

    def _p_value(self) -> float:
        return min(1.0, 2 * min(self._p_above(self.effect), self._p_below(-self.effect)))

    def _detectable(self, chance: Chance) -> float:
        """A mean this far from 0 comes out SUPPORTED with probability 0.001."""
        reach, missed = (error_rates.t_margin(self.values, error) for error in (chance.false_support, 1 - error_rates.POWER))
        return self.effect + missed - reach

    def _supports(self, chance: Chance) -> str:
        inside = -self.effect < self._lower(chance.false_support) and self._upper(chance.false_support) < self.effect
        return f"interval inside +-{self.effect:g}" if inside and self.values.std() else ""

    def _refutes(self, chance: Chance) -> str:
        outside = self._lower(chance.alarm / 2) > self.effect or self._upper(chance.alarm / 2) < -self.effect
        return f"interval at {chance.alarm:.1g} outside +-{self.effect:g}" if outside else ""


@dataclass(frozen=True)
class Difference(MeanTest):
    """The relation that the mean lies beyond +-effect, on either side: :class:`Equality` with its error rates exchanged."""

    sides: ClassVar[int] = 2
    rule: ClassVar[str] = "difference"

    def criteria(self) -> tuple[Criterion, ...]:
        """The relation in words."""
        effect = in_units(self.effect, self.unit)
        return (Criterion(f"the mean over {self.counted} is not within +-{effect}", f"an interval inside +-{effect}"),)

    def _predicted(self) -> str:
        return f"a mean away from 0, by more than {self.effect:g} {self.unit}"

    def _p_value(self) -> float:
        return max(self._p_below(self.effect), self._p_above(-self.effect))

    def _detectable(self, chance: Chance) -> float:
        return self.effect + super()._detectable(chance)

    def _supports(self, chance: Chance) -> str:
        error = chance.false_support / self.sides
        outside = self._lower(error) > self.effect or self._upper(error) < -self.effect
        return f"interval outside +-{self.effect:g}" if outside and self.values.std() else ""

    def _refutes(self, chance: Chance) -> str:
        inside = -self.effect < self._lower(chance.alarm) and self._upper(chance.alarm) < self.effect
        return f"interval at {chance.alarm:.1g} inside +-{self.effect:g}" if inside else ""
