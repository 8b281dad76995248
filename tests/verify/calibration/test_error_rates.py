"""Tests of both error rates of every claim at an inflated level, 0.05 or 0.2, because repetition cannot detect 1e-3."""

from dataclasses import replace
from typing import get_args
from unittest.mock import patch

import hypothesis
import numpy as np
import pytest
from scipy import stats

from tests.verify.calibration.digits_parts import asked_of_digits, parts_of
from tests.verify.settled_parts import ON_NETWORKS, file_of, pinned
from tests.verify.synthetic.story import told
from verify.judging import drawn_examples
from verify.judging.error_rates import FALSE_SUPPORT, Chance
from verify.judging.mean_tests import Difference, Directional, Equality
from verify.judging.rules import Ascent, Average, BinomialLaw, Both, Identity, Relation
from verify.judging.verdicts import Status
from verify.registry import THEORY, load_claims
from verify.report import pins

pytestmark = pytest.mark.slow
CLAIMS = load_claims()
# The same sentence by another method has the same relations.
NETWORK = {name: claim for name, claim in CLAIMS.items() if claim.needs and not claim.variant_of}
# A claim that draws fewer examples than these mostly takes long for each; these few do not.
EXAMPLES = 8
QUICK_WITH_FEW = {"C-12", "G-02", "G-03", "P-01", "P-01.centres", "P-02", "P-03"}


def kinds(claim):
    """The types of the relations that a drawn claim asserts."""
    relation = drawn_examples.one_relation(claim.function)
    return {type(part) for part in getattr(relation, "relations", (relation,))}


QUICK = {
    name: (claim, kinds(claim))
    for name, claim in CLAIMS.items()
    if not (claim.needs or claim.package) and (name in QUICK_WITH_FEW or drawn_examples.n_examples(claim.function) >= EXAMPLES)
}
LAWS = {name: claim for name, (claim, found) in QUICK.items() if found - {Identity} == {BinomialLaw}}
MEANS = {name: claim for name, (claim, found) in QUICK.items() if found == {Average}}
# No chance decides these: they hold to the declared accuracy in every drawn example, or they do not.
EXACT = [name for name, (_, found) in QUICK.items() if found == {Identity}]
LEVELS = (0.05, 0.2)
REPEATS = 200


def by_turns(names):
    """Pairs of a claim and a level: neighbours have different ones, because every level of every claim takes minutes."""
    return [(name, LEVELS[place % len(LEVELS)]) for place, name in enumerate(names)]


def within(count, level, repeats):
    """Whether a count is what a rate of at most ``level`` gives, except once in 10,000 times."""
    return count <= stats.binom.isf(1e-4, repeats, level)


def moved_to(part, mean, rng):
    """The part with fresh networks: its own spread, another mean, normal as the t interval assumes."""
    spread = part.values.std(ddof=1) or part.effect
    return replace(part, values=rng.normal(mean, spread, len(part.values)), layers=())


def extremes(parts):
    """Of every kind of part, those with the least and the greatest spread for their effect: no rate depends on more."""
    for kind in {type(part) for part in parts}:
        own = sorted((part for part in parts if type(part) is kind), key=lambda part: part.values.std() / (part.effect or 1e-3))
        yield from {id(part): part for part in (own[0], own[-1])}.values()


def just_true(part):
    return part.effect


def just_false(part):
    return 0.0 if isinstance(part, Directional) else part.effect


# Through it only the tests on networks of digits depend on these.
LISTS = ("tests/verify/calibration/digits_parts.py",)


def of_drawn(name, **_):
    return [file_of(CLAIMS[name])]


def of_exact(name):
    return [file_of(CLAIMS[name]), pinned(CLAIMS[name])]


def of_network(name, level):
    return [file_of(CLAIMS[name]), *(ON_NETWORKS if asked_of_digits(CLAIMS[name]) else ())]


@pytest.mark.settled(of=of_network, lists=LISTS)
@pytest.mark.parametrize(("name", "level"), by_turns(NETWORK))
def test_a_true_network_claim_is_rarely_refuted(name, level, request):
    """All parts only just true at once: the family of parts shares the level."""
    parts, rng = parts_of(NETWORK[name], request), np.random.default_rng(1)
    chance = Chance(alarm=level, false_support=level)
    refuted = sum(
        Both(tuple(moved_to(part, just_true(part), rng) for part in parts)).judge(chance).status == Status.REFUTED
        for _ in range(REPEATS)
    )
    assert within(refuted, level, REPEATS)


@pytest.mark.settled(of=of_network, lists=LISTS)
@pytest.mark.parametrize(("name", "level"), by_turns(NETWORK))
def test_a_false_network_claim_is_rarely_supported(name, level, request):
    """One part only just false, the others plainly true: of each kind the parts whose networks agree best and worst."""
    parts, rng = parts_of(NETWORK[name], request), np.random.default_rng(2)
    chance = Chance(alarm=level, false_support=level)
    for false_part in extremes(parts):
        supported = sum(
            moved_to(false_part, just_false(false_part), rng).judge(chance).status == Status.SUPPORTED for _ in range(REPEATS)
        )
        assert within(supported, level, REPEATS)


@pytest.mark.parametrize("relation", [Directional, Equality])
def test_the_measured_rates_are_not_idle(relation):
    """At 0.2 the alarms do come: a judge that never refuted would pass the tests above."""
    rng, chance = np.random.default_rng(3), Chance(alarm=0.2, false_support=0.2)
    draws = [relation(rng.normal(1.0, 5.0, 10), 1.0, "").judge(chance).status for _ in range(REPEATS)]
    assert draws.count(Status.REFUTED) > 0.03 * REPEATS


def statuses(claim, relation, instrument, level, repeats, examples=EXAMPLES):
    """Statuses of a drawn claim, every relation of that kind given another instrument before it is judged."""
    honest = relation.judge
    few = hypothesis.settings(drawn_examples.SETTINGS, max_examples=examples, phases=(hypothesis.Phase.generate,))
    with (
        patch.object(relation, "judge", lambda part, chance: honest(instrument(part), chance)),
        patch.object(claim.function, "_hypothesis_internal_use_settings", few),
    ):
        chances = [Chance(alarm=level, false_support=level, seed=("rates", str(i))) for i in range(repeats)]
        return [claim.judge(chance, accept=frozenset(Status)).status for chance in chances]


def tosses(effects):
    """Coins so many effects away from the predicted probability."""

    def instrument(law):
        offset = effects * law.effect
        truth = law.predicted + (offset if law.predicted + offset <= 1 else -offset)
        return replace(law, sample=lambda n, rng: int(rng.binomial(n, min(max(truth, 0.0), 1.0))))

    return instrument


def observations(effects):
    """Observations with a long tail to the one side, whose mean is so many effects away from the prediction."""

    def instrument(average):
        unit = average.effect * average.scale
        draw = lambda n, rng: average.predicted + unit * (effects + 8 * (rng.exponential(size=n) - 1))  # noqa: E731
        return replace(average, sample=draw)

    return instrument


@pytest.mark.settled(of=of_drawn, lists=LISTS)
@pytest.mark.parametrize(("name", "level"), by_turns(LAWS))
def test_a_true_law_is_rarely_refuted(name, level):
    found = statuses(LAWS[name], BinomialLaw, tosses(0), level, 100)
    assert within(found.count(Status.REFUTED), level, 100)
    assert found.count(Status.SUPPORTED) == 100 - found.count(Status.REFUTED)


@pytest.mark.settled(of=of_drawn, lists=LISTS)
@pytest.mark.parametrize(("name", "level"), by_turns(LAWS))
def test_a_law_that_is_off_by_the_effect_is_never_supported(name, level):
    """Power 0.999 in each of eight examples: a single SUPPORTED in 50 runs would be one in 1e24."""
    assert Status.SUPPORTED not in statuses(LAWS[name], BinomialLaw, tosses(1), level, 50)


@pytest.mark.settled(of=of_drawn, lists=LISTS)
@pytest.mark.parametrize(("name", "level"), by_turns(MEANS))
@pytest.mark.parametrize("side", [-1, 1])
def test_a_mean_that_is_only_just_true_is_rarely_refuted(name, level, side):
    """All parts of all examples at the effect at once: they share the level."""
    assert within(statuses(MEANS[name], Average, observations(side), level, 100).count(Status.REFUTED), level, 100)


@pytest.mark.settled(of=of_drawn, lists=LISTS)
@pytest.mark.parametrize("name", MEANS)
def test_a_mean_that_is_right_is_supported(name):
    """Missed once in 1,000, however many parts and examples: more than two in 100 would be one in 6,000."""

    def right(average):
        return observations(2 if average.rule is Difference else 0)(average)

    found = statuses(MEANS[name], Average, right, FALSE_SUPPORT, 100)
    assert found.count(Status.SUPPORTED) >= 98


@pytest.mark.settled(of=of_drawn, lists=LISTS)
@pytest.mark.parametrize(("name", "level"), by_turns(MEANS))
@pytest.mark.parametrize("side", [-1, 1])
def test_a_mean_that_is_only_just_false_is_rarely_supported(name, level, side):
    """One example at the effect: of its parts each must hold."""
    found = statuses(MEANS[name], Average, observations(side), level, REPEATS, examples=1)
    assert within(found.count(Status.SUPPORTED), level, REPEATS)


@pytest.mark.parametrize("rule", [Equality, Difference])
def test_the_rates_of_a_mean_are_not_idle(rule):
    """At 0.2 both errors do come at the effect itself."""
    draw = lambda n, rng: 1 + 8 * (rng.exponential(size=n) - 1)  # noqa: E731
    part = Average(rule, 0.0, 1.0, draw, 1.0, "", "probes")
    found = [part.judge(Chance(0.2, 0.2, seed=(str(i),))).status for i in range(REPEATS)]
    assert min(found.count(Status.REFUTED), found.count(Status.SUPPORTED)) > 0.02 * REPEATS


@pytest.mark.settled(of=of_exact, lists=LISTS)
@pytest.mark.parametrize("name", EXACT)
def test_a_claim_without_chance_never_errs(name):
    """What is registered as a finding is found with every seed."""
    verdicts = [CLAIMS[name].judge(Chance(seed=(str(i),))) for i in range(10)]
    expected = Status[pins.load(pins.PINS)[name, THEORY].status]
    assert {(verdict.status, verdict.p_value) for verdict in verdicts} == {(expected, None)}


def test_every_relation_is_measured():
    """By a claim about networks, by one that draws its examples, or, an ascent, by one made for it."""
    relations = [claim.relation(told(claim)) for claim in NETWORK.values()]
    of_networks = {type(part) for relation in relations for part in getattr(relation, "relations", (relation,))}
    of_drawn = set().union(*(found for _, found in QUICK.values()))
    assert of_networks | of_drawn | {Ascent, Both} == set(get_args(Relation))
    assert LAWS
    assert MEANS
    assert EXACT
