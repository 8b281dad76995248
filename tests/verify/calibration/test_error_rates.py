"""Both error rates of every claim, measured at inflated levels: 5e-6 cannot be seen by repetition, 0.05 and 0.2 can.

Claims about networks: each part of the claim keeps the spread between networks that it has on digits, and its mean is moved
to where the part is only just true (alarms) or only just false (false support). Claims about drawn worlds: the instrument is
replaced by coin tosses of the predicted probability, or of one that is off by the effect; or by observations whose mean is.
"""

from dataclasses import replace
from unittest.mock import patch

import hypothesis
import numpy as np
import pytest
from scipy import stats

from tests.verify.synthetic.story import parts_of
from verify.judging import drawn_examples
from verify.judging.error_rates import FALSE_SUPPORT, Chance
from verify.judging.mean_tests import Difference, Directional, Equality
from verify.judging.rules import Average, BinomialLaw, Both
from verify.judging.verdicts import Status
from verify.registry import load_claims

CLAIMS = load_claims()
NETWORK = {name: claim for name, claim in CLAIMS.items() if claim.needs}
LAWS = {name: CLAIMS[name] for name in ("C-00", "C-04", "C-12", "C-14")}
DIFFERENCES = ("C-08.recentred",)
MEANS = {name: CLAIMS[name] for name in ("C-02", "C-05", *DIFFERENCES, "C-10", "G-02", "G-03", "P-01", "P-02", "P-03")}
ASCENTS = {name: CLAIMS[name] for name in ("G-04", "G-05")}
# Of parts of these kinds too, whose rates no longer depend on the claim; some are dear before anything is drawn.
ALIKE = (
    *("C-06", "C-09.separated", "C-11", "C-13", "C-14.sampled", "H-01.limit", "H-01.permuted", "K-01", "K-02", "K-03", "K-04"),
    *("K-05", "N-08", "N-10", "S-17.share", "S-19.cotangents", "S-19.linearized", "S-24"),
)
# No chance decides these: they hold to the declared accuracy in every drawn world, or they do not.
EXACT = ("C-01", "C-03", "C-07", "C-08", "C-09", "C-09.collapse", "G-01", "P-01.centres")
TRAINED = ("H-01", "W-01", "W-02", "W-03", "W-04", "Z-01", "Z-02")
LEVELS = (0.05, 0.2)
REPEATS = 200


def within(count, level, repeats):
    """Whether a count is what a rate of at most ``level`` gives, except once in 10,000 times."""
    return count <= stats.binom.isf(1e-4, repeats, level)


def moved_to(part, mean, rng):
    """The part with fresh networks: its own spread, another mean, normal as the t interval assumes."""
    spread = part.values.std(ddof=1) or part.effect
    return replace(part, values=rng.normal(mean, spread, len(part.values)))


def extremes(parts):
    """Of every kind of part, those with the least and the greatest spread for their effect: no rate depends on more."""
    for kind in {type(part) for part in parts}:
        own = sorted((part for part in parts if type(part) is kind), key=lambda part: part.values.std() / part.effect)
        yield from {id(part): part for part in (own[0], own[-1])}.values()


def just_true(part):
    return part.effect


def just_false(part):
    return 0.0 if isinstance(part, Directional) else part.effect


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", NETWORK)
def test_a_true_network_claim_is_rarely_refuted(name, level, request):
    """All parts only just true at once: the family of parts shares the level."""
    parts, rng = parts_of(NETWORK[name], request), np.random.default_rng(1)
    chance = Chance(alarm=level, false_support=level)
    refuted = sum(
        Both(tuple(moved_to(part, just_true(part), rng) for part in parts)).judge(chance).status == Status.REFUTED
        for _ in range(REPEATS)
    )
    assert within(refuted, level, REPEATS)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", NETWORK)
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


def statuses(claim, relation, instrument, level, repeats, worlds=8):
    """Statuses of a drawn claim, every relation of that kind given another instrument before it is judged."""
    honest = relation.judge
    few = hypothesis.settings(drawn_examples.SETTINGS, max_examples=worlds, phases=(hypothesis.Phase.generate,))
    with (
        patch.object(relation, "judge", lambda part, chance: honest(instrument(part), chance)),
        patch.object(claim.function, "_hypothesis_internal_use_settings", few),
    ):
        chances = [Chance(alarm=level, false_support=level, seed=("rates", str(i))) for i in range(repeats)]
        return [claim.judge(chance, accept=frozenset(Status)).status for chance in chances]


def tosses(offset):
    """Coins ``offset`` away from the predicted probability."""

    def instrument(law):
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


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", LAWS)
def test_a_true_law_is_rarely_refuted(name, level):
    found = statuses(LAWS[name], BinomialLaw, tosses(0.0), level, 100)
    assert within(found.count(Status.REFUTED), level, 100)
    assert found.count(Status.SUPPORTED) == 100 - found.count(Status.REFUTED)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", LAWS)
def test_a_law_that_is_off_by_the_effect_is_never_supported(name, level):
    """Power 0.999 in each of eight worlds: a single SUPPORTED in 50 runs would be one in 1e24."""
    assert Status.SUPPORTED not in statuses(LAWS[name], BinomialLaw, tosses(0.05), level, 50)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", MEANS)
@pytest.mark.parametrize("side", [-1, 1])
def test_a_mean_that_is_only_just_true_is_rarely_refuted(name, level, side):
    """All parts of all worlds at the effect at once: they share the level."""
    assert within(statuses(MEANS[name], Average, observations(side), level, 100).count(Status.REFUTED), level, 100)


@pytest.mark.parametrize("name", MEANS)
def test_a_mean_that_is_right_is_supported(name):
    """Missed once in 1,000, however many parts and worlds: more than two in 100 would be one in 6,000."""
    right = 2 if name in DIFFERENCES else 0
    found = statuses(MEANS[name], Average, observations(right), FALSE_SUPPORT, 100)
    assert found.count(Status.SUPPORTED) >= 98


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", MEANS)
@pytest.mark.parametrize("side", [-1, 1])
def test_a_mean_that_is_only_just_false_is_rarely_supported(name, level, side):
    """One world at the effect: of its parts each must hold."""
    found = statuses(MEANS[name], Average, observations(side), level, REPEATS, worlds=1)
    assert within(found.count(Status.SUPPORTED), level, REPEATS)


@pytest.mark.parametrize("rule", [Equality, Difference])
def test_the_rates_of_a_mean_are_not_idle(rule):
    """At 0.2 both errors do come at the effect itself."""
    draw = lambda n, rng: 1 + 8 * (rng.exponential(size=n) - 1)  # noqa: E731
    part = Average(rule, 0.0, 1.0, draw, 1.0, "", "probes")
    found = [part.judge(Chance(0.2, 0.2, seed=(str(i),))).status for i in range(REPEATS)]
    assert min(found.count(Status.REFUTED), found.count(Status.SUPPORTED)) > 0.02 * REPEATS


@pytest.mark.parametrize("name", TRAINED)
def test_a_claim_about_a_training_has_no_chance_in_it(name, registry):
    assert registry[name].judge(Chance(seed=("trained",))).p_value is None


@pytest.mark.parametrize("name", EXACT)
def test_a_claim_without_chance_never_errs(name, registry):
    verdicts = [registry[name].judge(Chance(seed=(str(i),))) for i in range(10)]
    assert {(verdict.status, verdict.p_value) for verdict in verdicts} == {(Status.SUPPORTED, None)}


def test_no_claim_is_left_out(registry):
    assert set(registry) == {*NETWORK, *LAWS, *MEANS, *ASCENTS, *ALIKE, *EXACT, *TRAINED}
