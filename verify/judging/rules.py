"""The rules that turn a relation into a verdict; claims make relations by :mod:`verify.judging.relations`.

A relation draws and decides only when it is judged with a :class:`~verify.judging.error_rates.Chance`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from theory import RELATIVE_ACCURACY
from verify.judging import error_rates
from verify.judging.criteria import EXACT, Criterion, in_units
from verify.judging.error_rates import POWER, Chance
from verify.judging.mean_tests import Difference, Directional, Equality
from verify.judging.verdicts import Broken, Status, Verdict, combine

# Enough for a pilot to estimate its spread, and few enough for a claim that takes seconds.
PILOT = 400
MOST_OBSERVATIONS = 400_000
# For draws that take a second each.
DEAR_DRAWS = 12


@dataclass(frozen=True)
class Identity:
    """The relation that two numbers or arrays agree to a declared relative accuracy; it uses no chance."""

    predicted: np.ndarray
    reference: np.ndarray
    accuracy: float

    def judge(self, chance: Chance) -> Verdict:
        """The verdict; ``chance`` is not used."""
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
            predicted=f"two numbers equal to {self.accuracy:g}",
            rule="identity",
            effect=self.accuracy,
            strain=min(worst / self.accuracy, 1.0),
        )

    def criteria(self) -> tuple[Criterion, ...]:
        """The relation in words."""
        accuracy = f"{self.accuracy:g}"
        return (Criterion(f"two numbers agree to {accuracy}, relative", f"a relative difference above {accuracy}, {EXACT}"),)


@dataclass(frozen=True)
class BinomialLaw:
    """The relation that trials succeed with exactly the predicted probability.

    ``sample(n, rng)`` counts the successes in n fresh trials.
    """

    predicted: float
    sample: Callable[[int, np.random.Generator], int]
    effect: float
    counted: str

    def judge(self, chance: Chance) -> Verdict:
        """The verdict of an exact binomial test at the alarm rate of ``chance``."""
        p = float(self.predicted)
        if not -RELATIVE_ACCURACY <= p <= 1 + RELATIVE_ACCURACY:
            return Verdict(Status.REFUTED, f"the prediction {p:.6g} is not a probability", strain=1.0, p_value=0.0)
        p = min(max(p, 0.0), 1.0)
        n = error_rates.binomial_trials(p, self.effect, chance.alarm)
        count = self.sample(n, chance.rng())
        low, high = error_rates.binomial_rejection(n, p, chance.alarm)
        bounds = error_rates.binomial_interval(count, n, chance.alarm)
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
            predicted=f"probability {p:.4f}, exactly",
            detectable=self.effect,
            rule="binomial law",
            effect=self.effect,
            alarm=chance.alarm,
            p_value=min(1.0, 2 * error_rates.binomial_tail(count, n, p)),
            strain=min(abs(count - n * p) / room, 1.0),
        )

    def criteria(self) -> tuple[Criterion, ...]:
        """The relation in words."""
        effect = in_units(self.effect, "in probability")
        return (
            Criterion(
                f"{self.counted} succeed with exactly the predicted probability; effect {effect}",
                f"an exact binomial test that rejects the prediction; one that is off by {effect} is rejected with "
                f"probability {POWER:g}",
            ),
        )


@dataclass(frozen=True)
class Average:
    """A relation of the mean of independent observations, judged as ``rule``.

    A pilot says how many observations the effect needs. ``sample(n, rng)`` returns n fresh observations, (n,). The rule judges
    their difference from ``predicted``, in units of ``scale``. The ``pilot`` observations of the pilot are not judged. Half of
    each error rate is left for the error that the skewness of observations adds to a t interval over hundreds or thousands of
    them.
    """

    rule: type[Equality] | type[Difference]
    predicted: float
    scale: float
    sample: Callable[[int, np.random.Generator], np.ndarray]
    effect: float
    unit: str
    counted: str
    pilot: int = PILOT

    def judge(self, chance: Chance) -> Verdict:
        """The verdict at the error rates of ``chance``."""
        if not (np.isfinite(self.predicted) and self.scale):
            words = f"the prediction {self.predicted:g} cannot be compared with a measurement"
            return Verdict(Status.REFUTED, words, strain=1.0, p_value=0.0)
        halved = replace(chance, alarm=chance.alarm / 2, false_support=chance.false_support / 2)
        pilot = self._differences(self.pilot, chance.named("pilot"))
        needed = error_rates.observations_needed(pilot, self.effect, halved.false_support, chance.miss)
        values = self._differences(min(needed, MOST_OBSERVATIONS), chance.named("fresh"))
        verdict = self.rule(values, self.effect, self.unit, self.counted).judge(halved)
        rates = {"alarm": chance.alarm, "false_support": chance.false_support}
        verdict = replace(verdict, p_value=min(1.0, 2 * (verdict.p_value or 0.0)), **rates)
        if needed > MOST_OBSERVATIONS and verdict.status == Status.INCONCLUSIVE:
            return replace(verdict, needed=needed, leans="", reason=self._too_many(needed))
        return replace(verdict, strain=self._strain(values))

    def criteria(self) -> tuple[Criterion, ...]:
        """The relation in words."""
        effect, mean = in_units(self.effect, self.unit), f"the mean over fresh {self.counted}"
        if self.rule is Difference:
            return (Criterion(f"{mean} is not within +-{effect}", f"an interval of that mean inside +-{effect}"),)
        return (Criterion(f"{mean} is the predicted one to within {effect}", f"an interval of that mean outside +-{effect}"),)

    def _too_many(self, needed: int) -> str:
        asked = f"detecting {self.effect:g} needs {needed:,} {self.counted}"
        return f"{asked}, more than the {MOST_OBSERVATIONS:,} that a claim may draw"

    def _strain(self, values: np.ndarray) -> float:
        nearness = float(abs(values.mean()) / self.effect)
        return min(nearness if self.rule is Equality else 1 / max(nearness, 1), 1.0)

    def _differences(self, n: int, chance: Chance) -> np.ndarray:
        return (_observed(self.sample, n, chance, self.counted, 1) - self.predicted) / self.scale


@dataclass(frozen=True)
class Ascent:
    """The relation that the mean over a dozen fresh draws rises at every step; each step is judged as over networks.

    ``sample(n, rng)`` measures n fresh draws at every stage, (n, steps + 1).
    """

    sample: Callable[[int, np.random.Generator], np.ndarray]
    effect: float
    unit: str
    counted: str

    def judge(self, chance: Chance) -> Verdict:
        """The verdict over all steps; each step gets an equal share of the alarm rate."""
        steps = np.diff(_observed(self.sample, DEAR_DRAWS, chance, self.counted, 2), axis=1).T
        share = chance.split(len(steps))
        return combine([Directional(step, self.effect, self.unit, self.counted).judge(share) for step in steps])

    def criteria(self) -> tuple[Criterion, ...]:
        """The relation in words."""
        effect = in_units(self.effect, self.unit)
        return (
            Criterion(
                f"the mean over fresh {self.counted} rises at every step; effect {effect}",
                f"a step not shown to be above 0, whose interval lies below {effect}",
            ),
        )


def _observed(sample, n: int, chance: Chance, counted: str, axes: int) -> np.ndarray:
    """Fresh observations, (n, ...), with the required number of axes."""
    observed = np.asarray(sample(n, chance.rng()), dtype=float)
    if observed.ndim != axes or len(observed) != n or not np.all(np.isfinite(observed)):
        raise Broken(f"sample returned {observed!r:.120}; it must return {n} finite {counted} in an array of {axes} axes")
    return observed


@dataclass(frozen=True)
class Both:
    """The relation that all of several relations hold; each gets an equal share of the alarm rate.

    chosen: whether the networks decide which relations there are, as for layers in which all of them separate manifolds.
    common: whether all parts have the same random numbers, for several quantities of the same draws. The shares of the alarm
        rate allow for any dependence between parts.
    """

    relations: tuple
    chosen: bool = False
    common: bool = False

    def judge(self, chance: Chance) -> Verdict:
        """The combined verdict."""
        share = chance.split(len(self.relations))
        chances = [share if self.common else share.named(f"part {i}") for i in range(len(self.relations))]
        verdict = combine([part.judge(own) for part, own in zip(self.relations, chances, strict=True)])
        return replace(verdict, chosen=self.chosen)

    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria of all parts."""
        return tuple(criterion for part in self.relations for criterion in part.criteria())


Relation = Directional | Equality | Difference | Identity | BinomialLaw | Average | Ascent | Both
