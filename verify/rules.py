"""Relations in words: what each asserts, and what result would refute it."""

import inspect
from collections import Counter
from dataclasses import dataclass
from functools import singledispatch

from verify.chance import POWER
from verify.judge import Ascent, Average, BinomialLaw, Both, Difference, Directional, Equality, Identity

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
    return (Rule(says, "see verify/judge.py"),)


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
