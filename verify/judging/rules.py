"""The rules that turn a relation into a verdict; claims name relations by the words of :mod:`verify.judging.relations`.

Nothing is drawn or decided until a relation is judged with a :class:`~verify.judging.error_rates.Chance`.
"""

import inspect
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import singledispatch

import numpy as np

from theory import RELATIVE_ACCURACY
from verify.judging import error_rates
from verify.judging.error_rates import POWER, Chance
from verify.judging.mean_tests import Difference, Directional, Equality
from verify.judging.verdicts import Broken, Status, Verdict, combine

# Enough for a pilot to tell its own spread, and as many as a claim of seconds can afford.
PILOT = 400


MOST_OBSERVATIONS = 400_000


# Of worlds that take a second each: the smallest sign-flip p-value is 2^-12.
DEAR_WORLDS = 12


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
            predicted=f"two numbers equal to {self.accuracy:g}",
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
            p_value=min(1.0, 2 * error_rates.binomial_tail(count, n, p)),
            strain=min(abs(count - n * p) / room, 1.0),
        )


@dataclass(frozen=True)
class Average:
    """A mean of independent observations, as many as a pilot says the effect needs, judged as ``rule``.

    ``sample(n, rng)`` returns n fresh observations, (n,); judged is their difference from ``predicted``, in units of
    ``scale``. The pilot's observations, ``pilot`` of them, are not judged. Half of either error rate is left to what the
    skewness of observations adds to a t interval over hundreds or thousands of them.
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
        if not (np.isfinite(self.predicted) and self.scale):
            return Verdict(
                Status.REFUTED, f"nothing can be measured against the prediction {self.predicted:g}", strain=1.0, p_value=0.0
            )
        pilot = self._differences(self.pilot, chance.named("pilot"))
        halved = replace(chance, alarm=chance.alarm / 2, false_support=chance.false_support / 2)
        wanted = error_rates.observations_needed(pilot, self.effect, halved.false_support, chance.miss)
        values = self._differences(min(wanted, MOST_OBSERVATIONS), chance.named("fresh"))
        verdict = self.rule(values, self.effect, self.unit, self.counted).judge(halved)
        verdict = replace(verdict, p_value=min(1.0, 2 * (verdict.p_value or 0.0)))
        if wanted > MOST_OBSERVATIONS and verdict.status == Status.INCONCLUSIVE:
            words = f"{self.effect:g} with {wanted:,} {self.counted}, more than the {MOST_OBSERVATIONS:,} a claim may draw"
            return replace(verdict, reason=words)
        nearness = abs(values.mean()) / self.effect
        return replace(verdict, strain=min(float(nearness if self.rule is Equality else 1 / max(nearness, 1)), 1.0))

    def _differences(self, n: int, chance: Chance) -> np.ndarray:
        return (_observed(self.sample, n, chance, self.counted, 1) - self.predicted) / self.scale


@dataclass(frozen=True)
class Ascent:
    """The mean over a dozen fresh worlds rises at every step: each is a direction, judged as over networks.

    ``sample(n, rng)`` measures n fresh worlds at every stage, (n, steps + 1).
    """

    sample: Callable[[int, np.random.Generator], np.ndarray]
    effect: float
    unit: str
    counted: str

    def judge(self, chance: Chance) -> Verdict:
        steps = np.diff(_observed(self.sample, DEAR_WORLDS, chance, self.counted, 2), axis=1).T
        share = chance.split(len(steps))
        return combine([Directional(step, self.effect, self.unit, self.counted).judge(share) for step in steps])


def _observed(sample, n: int, chance: Chance, counted: str, axes: int) -> np.ndarray:
    """Fresh observations, (n, ...), of so many axes."""
    observed = np.asarray(sample(n, chance.rng()), dtype=float)
    if observed.ndim != axes or len(observed) != n or not np.all(np.isfinite(observed)):
        raise Broken(f"{n} finite {counted} asked for; received {observed!r:.120}")
    return observed


@dataclass(frozen=True)
class Both:
    """All of several relations hold; each gets its share of the alarm rate."""

    relations: tuple

    def judge(self, chance: Chance) -> Verdict:
        share = chance.split(len(self.relations))
        return combine([r.judge(share.named(f"part {i}")) for i, r in enumerate(self.relations)])


Relation = Directional | Equality | Difference | Identity | BinomialLaw | Average | Ascent | Both


# How a rule without chance says so.
EXACT = "no chance in it"


@dataclass(frozen=True)
class Rule:
    """A relation without its numbers.

    asserts: what must hold, and the smallest effect worth arguing about.
    refuted: the result that would refute it.
    """

    asserts: str
    refuted: str


@singledispatch
def rules(relation) -> tuple[Rule, ...]:
    """The rules of a relation, one for each part."""
    says = (inspect.getdoc(type(relation)) or type(relation).__name__).splitlines()[0].rstrip(".")
    return (Rule(says, "see verify/judging/rules.py"),)


@rules.register
def _(relation: Both) -> tuple[Rule, ...]:
    return tuple(rule for part in relation.relations for rule in rules(part))


@rules.register
def _(relation: Directional) -> tuple[Rule, ...]:
    effect = _effect(relation)
    return (
        Rule(
            f"the mean over {relation.counted} is above 0; effect {effect}",
            f"a mean not shown to be above 0, whose t interval lies below {effect}",
        ),
    )


@rules.register
def _(relation: Equality) -> tuple[Rule, ...]:
    effect = _effect(relation)
    return (Rule(f"the mean over {relation.counted} is 0 to within +-{effect}", f"a t interval outside +-{effect}"),)


@rules.register
def _(relation: Difference) -> tuple[Rule, ...]:
    effect = _effect(relation)
    return (Rule(f"the mean over {relation.counted} is not within +-{effect}", f"a t interval inside +-{effect}"),)


@rules.register
def _(relation: Identity) -> tuple[Rule, ...]:
    accuracy = f"{relation.accuracy:g}"
    return (Rule(f"two numbers agree to {accuracy}, relative", f"a relative difference above {accuracy}, {EXACT}"),)


@rules.register
def _(relation: BinomialLaw) -> tuple[Rule, ...]:
    effect = f"{relation.effect:g} in probability"
    return (
        Rule(
            f"{relation.counted} succeed with exactly the predicted probability; effect {effect}",
            f"an exact binomial test that rejects the prediction; one that is off by {effect} is rejected with "
            f"probability {POWER:g}",
        ),
    )


@rules.register
def _(relation: Average) -> tuple[Rule, ...]:
    effect, mean = _effect(relation), f"the mean over fresh {relation.counted}"
    if relation.rule is Difference:
        return (Rule(f"{mean} is not within +-{effect}", f"a t interval of that mean inside +-{effect}"),)
    return (Rule(f"{mean} is the predicted one to within {effect}", f"a t interval of that mean outside +-{effect}"),)


@rules.register
def _(relation: Ascent) -> tuple[Rule, ...]:
    effect = _effect(relation)
    return (
        Rule(
            f"the mean over fresh {relation.counted} rises at every step; effect {effect}",
            f"a step not shown to be above 0, whose t interval lies below {effect}",
        ),
    )


def asserted(found: tuple[Rule, ...]) -> list[str]:
    """What must hold, each rule once, with how many parts it governs."""
    words = Counter(rule.asserts for rule in found)
    return [text if n == 1 else f"{n} parts, each: {text}" for text, n in words.items()]


def _effect(relation) -> str:
    return f"{relation.effect:g} {relation.unit}".rstrip()
