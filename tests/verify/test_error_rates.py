"""Both error rates of every claim, measured at inflated levels: 1e-5 cannot be seen by repetition, 0.05 and 0.2 can.

Claims about networks: each part of the claim keeps the spread between networks that it has on digits, and its mean is moved
to where the part is only just true (alarms) or only just false (false support). Claims about drawn worlds: the instrument is
replaced by coin tosses of the predicted probability, or of one that is off by the effect.
"""

from dataclasses import replace
from unittest.mock import patch

import hypothesis
import numpy as np
import pytest
from scipy import stats

from verify import drawn
from verify.chance import Chance
from verify.conftest import load_claims
from verify.judge import BinomialLaw, Both, Directional, Equality
from verify.verdict import Status

CLAIMS = load_claims()
NETWORK = {name: claim for name, claim in CLAIMS.items() if claim.needs}
LAWS = {name: CLAIMS[name] for name in ("C-00", "C-04", "C-14")}
# No chance decides these: they hold to the declared accuracy in every drawn world, or they do not.
EXACT = ("C-01", "C-03", "C-07", "C-08")
LEVELS = (0.05, 0.2)
REPEATS = 300


def within(count, level, repeats):
    """Whether a count is what a rate of at most ``level`` gives, except once in 10,000 times."""
    return count <= stats.binom.isf(1e-4, repeats, level)


def parts_of(claim, runs):
    relation = claim.function(runs)
    return relation.relations if isinstance(relation, Both) else (relation,)


def moved_to(part, mean, rng):
    """The part with fresh networks: its own spread, another mean, normal as the t interval assumes."""
    spread = part.values.std(ddof=1) or part.effect
    return replace(part, values=rng.normal(mean, spread, len(part.values)))


def just_true(part):
    return part.effect


def just_false(part):
    return 0.0 if isinstance(part, Directional) else part.effect


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", NETWORK)
def test_a_true_network_claim_is_rarely_refuted(name, level, digits):
    """All parts only just true at once: the family of parts shares the level."""
    parts, rng = parts_of(NETWORK[name], digits), np.random.default_rng(1)
    chance = Chance(alarm=level, false_support=level)
    refuted = sum(
        Both(tuple(moved_to(part, just_true(part), rng) for part in parts)).judge(chance).status == Status.REFUTED
        for _ in range(REPEATS)
    )
    assert within(refuted, level, REPEATS)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", NETWORK)
def test_a_false_network_claim_is_rarely_supported(name, level, digits):
    """One part only just false, the others plainly true, for each part in turn."""
    parts, rng = parts_of(NETWORK[name], digits), np.random.default_rng(2)
    chance = Chance(alarm=level, false_support=level)
    for false_part in parts:
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


def tosses(claim, level, offset, repeats):
    """Statuses of a drawn claim whose instrument tosses coins ``offset`` away from the prediction."""
    honest = BinomialLaw.judge

    def judge(law, chance):
        truth = law.predicted + (offset if law.predicted + offset <= 1 else -offset)
        return honest(replace(law, sample=lambda n, rng: int(rng.binomial(n, min(max(truth, 0.0), 1.0)))), chance)

    few = hypothesis.settings(drawn.SETTINGS, max_examples=8, phases=(hypothesis.Phase.generate,))
    with (
        patch.object(BinomialLaw, "judge", judge),
        patch.object(drawn, "EXAMPLES", 8),
        patch.object(claim.function, "_hypothesis_internal_use_settings", few),
    ):
        return [
            claim.judge(Chance(alarm=level, seed=("rates", str(i))), accept=frozenset(Status)).status for i in range(repeats)
        ]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", LAWS)
def test_a_true_law_is_rarely_refuted(name, level):
    statuses = tosses(LAWS[name], level, 0.0, 100)
    assert within(statuses.count(Status.REFUTED), level, 100)
    assert statuses.count(Status.SUPPORTED) == 100 - statuses.count(Status.REFUTED)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", LAWS)
def test_a_law_that_is_off_by_the_effect_is_never_supported(name, level):
    """Power 0.999 in each of eight worlds: a single SUPPORTED in 50 runs would be one in 1e24."""
    assert Status.SUPPORTED not in tosses(LAWS[name], level, 0.05, 50)


@pytest.mark.parametrize("name", EXACT)
def test_a_claim_without_chance_never_errs(name, registry):
    assert {registry[name].judge(Chance(seed=(str(i),))).status for i in range(10)} == {Status.SUPPORTED}


def test_no_claim_is_left_out(registry):
    assert set(registry) == {*NETWORK, *LAWS, *EXACT}
