from dataclasses import replace

import numpy as np
import pytest

from theory import RELATIVE_ACCURACY
from verify import averages, both, differs, dominates, equivalent, exceeds, increases, law, matches, negligible, positive
from verify.judging import error_rates, mean_tests, rules
from verify.judging.error_rates import Chance
from verify.judging.mean_tests import Difference
from verify.judging.verdicts import Broken, Status, Verdict, combine

CHANCE = Chance()
NOISE = np.array([-1.2, 0.3, 0.8, -0.4, 1.1, -0.7, 0.2, -0.3, 0.6, -0.4])


def status(relation):
    return relation.judge(CHANCE).status


@pytest.mark.parametrize(
    ("mean", "spread", "expected"),
    [
        (1.0, 0.1, Status.SUPPORTED),
        (0.1, 0.01, Status.SUPPORTED),
        (0.05, 0.01, Status.INCONCLUSIVE),
        (0.0, 0.2, Status.INCONCLUSIVE),
        (0.0, 0.01, Status.REFUTED),
        (-1.0, 0.1, Status.REFUTED),
        (0.2, 1.0, Status.INCONCLUSIVE),
    ],
)
def test_directional_verdicts(mean, spread, expected):
    assert status(positive(mean + spread * NOISE, effect=0.1)) == expected


@pytest.mark.parametrize(
    ("mean", "spread", "expected"),
    [(0.0, 0.01, Status.SUPPORTED), (1.0, 0.01, Status.REFUTED), (0.09, 0.1, Status.INCONCLUSIVE), (-1, 0.01, Status.REFUTED)],
)
def test_equality_verdicts(mean, spread, expected):
    assert status(negligible(mean + spread * NOISE, effect=0.1)) == expected
    assert status(equivalent(mean + spread * NOISE + 7, np.full(10, 7.0), effect=0.1)) == expected


def test_between_0_and_the_effect_is_smaller_than_claimed():
    """The least and the largest mean of the kind, at this spread, and the verdicts on either side of them."""
    means = np.linspace(-0.05, 0.2, 101)
    found = [positive(mean + 0.01 * NOISE, effect=0.1).judge(CHANCE) for mean in means]
    order = [Status.REFUTED, Status.INCONCLUSIVE, Status.SUPPORTED]
    assert [one.status for one in found] == sorted((one.status for one in found), key=order.index)
    smaller = [
        mean for mean, one in zip(means, found, strict=True) if one.reason == "smaller than claimed: above 0, and below 0.1"
    ]
    reach = error_rates.t_margin(0.01 * NOISE, 0.01)
    assert min(smaller) == pytest.approx(reach, abs=0.003)
    assert max(smaller) == pytest.approx(0.1 - reach, abs=0.003)


def test_too_few_networks_never_decide():
    assert status(positive(1 + 0.01 * NOISE[:7], effect=0.1)) == Status.INCONCLUSIVE
    assert status(negligible(0.01 * NOISE[:7], effect=0.1)) == Status.INCONCLUSIVE
    assert status(positive(np.array([1.0]), effect=0.1)) == Status.INCONCLUSIVE


def test_no_spread_is_no_evidence_of_equality():
    assert status(negligible(np.zeros(10), effect=0.1)) == Status.INCONCLUSIVE
    assert status(positive(np.zeros(10), effect=0.1)) == Status.INCONCLUSIVE


@pytest.mark.parametrize(
    ("relation", "outcome"),
    [
        (positive(0.2 + NOISE, effect=0.1), Status.SUPPORTED),
        (positive(0.05 + NOISE, effect=0.1), "smaller than claimed"),
        (positive(-0.05 + 0.3 * NOISE, effect=0.1), Status.REFUTED),
        (negligible(0.05 + NOISE, effect=0.1), Status.SUPPORTED),
        (negligible(0.2 + NOISE, effect=0.1), Status.REFUTED),
        (Difference(0.2 + NOISE, 0.1, ""), Status.SUPPORTED),
        (Difference(0.05 + NOISE, 0.1, ""), Status.REFUTED),
    ],
)
def test_undecided_says_where_it_leans_and_what_would_decide(relation, outcome):
    """As many networks with these values have that outcome by the same rule, and one time fewer have none."""
    verdict = relation.judge(CHANCE)
    assert (verdict.status, verdict.leans) == (Status.INCONCLUSIVE, outcome)
    times = verdict.needed // len(relation.values)
    assert decided(relation, times) == outcome
    assert decided(relation, mean_tests.TIMES[mean_tests.TIMES.index(times) - 1] if times > 2 else 1) != outcome


def decided(relation, times):
    """The status of so many times as many networks; where it is INCONCLUSIVE, the first words of the reason."""
    verdict = replace(relation, values=np.tile(relation.values, times)).judge(CHANCE)
    return verdict.reason.split(":")[0] if verdict.status == Status.INCONCLUSIVE else verdict.status


def test_layers_are_shown_beneath_their_mean_and_decide_nothing():
    values = np.stack([1 + 0.1 * NOISE, -0.5 + 0.1 * NOISE], axis=1)
    verdict = positive(values, effect=0.1, about="deep layers", layers=("conv5", "conv6")).judge(CHANCE)
    assert (verdict.status, verdict.about) == (Status.SUPPORTED, "deep layers")
    assert [(layer.about, layer.status) for layer in verdict.layers] == [
        ("conv5", Status.SUPPORTED), ("conv6", Status.REFUTED),
    ]  # fmt: skip
    assert verdict.value == pytest.approx(np.mean([layer.value for layer in verdict.layers]))


def test_what_is_nested_in_a_network_is_averaged_before_judging():
    values = np.stack([1 + NOISE, 1 - NOISE], axis=1)
    assert positive(values, effect=0.1).judge(CHANCE).n == 10
    assert positive(values, effect=0.1).judge(CHANCE).value == pytest.approx(1)


def test_increases_is_the_slope_per_step():
    rising = np.arange(5) * 0.3 + 0.01 * NOISE[:, None]
    verdict = increases(rising, effect=0.1).judge(CHANCE)
    assert verdict.value == pytest.approx(0.3)
    assert dominates(rising[:, -1], rising[:, 0], effect=0.1).judge(CHANCE).status == Status.SUPPORTED


@pytest.mark.parametrize(
    ("measured", "expected"), [(1.0, Status.SUPPORTED), (1 + 1e-10, Status.SUPPORTED), (1 + 1e-7, Status.REFUTED)]
)
def test_closed_forms_agree_to_the_declared_accuracy(measured, expected):
    assert status(matches(1.0, measured)) == expected


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_prediction_that_is_no_number_is_refuted(wrong):
    assert status(matches(wrong, 1.0)) == Status.REFUTED


def test_a_law_draws_enough_trials_and_uses_them():
    drawn = []

    def sample(n, rng):
        drawn.append(n)
        return rng.binomial(n, 0.3)

    assert status(law(0.3, sample, effect=0.05)) == Status.SUPPORTED
    assert status(law(0.4, sample, effect=0.05)) == Status.REFUTED
    assert min(drawn) > 1000
    assert status(law(1.3, sample, effect=0.05)) == Status.REFUTED
    assert status(law(float("nan"), sample, effect=0.05)) == Status.REFUTED


def exponential(mean, spread=1.0):
    """Independent observations with a long tail."""
    return lambda n, rng: mean + spread * (rng.exponential(size=n) - 1)


@pytest.mark.parametrize(
    ("mean", "expected"), [(3.0, Status.SUPPORTED), (3.3, Status.REFUTED), (2.7, Status.REFUTED), (3.15, Status.INCONCLUSIVE)]
)
def test_an_average_is_compared_with_its_prediction(mean, expected):
    verdict = averages(3.0, exponential(mean), effect=0.05).judge(CHANCE)
    assert verdict.status == expected
    assert verdict.value == pytest.approx(mean / 3 - 1, abs=0.02)
    assert verdict.counted == "probes"


@pytest.mark.parametrize(
    ("mean", "expected"), [(0.2, Status.SUPPORTED), (-0.2, Status.SUPPORTED), (0.0, Status.REFUTED), (0.1, Status.INCONCLUSIVE)]
)
def test_a_difference_is_one_beyond_the_effect(mean, expected):
    assert status(differs(exponential(mean), effect=0.1)) == expected


def test_the_pilot_says_how_many_and_is_not_judged():
    asked = []

    def sample(n, rng):
        asked.append((n, draws := rng.normal(3.0, 1.0, n)))
        return draws

    verdict = averages(3.0, sample, effect=0.05).judge(CHANCE)
    (pilot, first), (n, fresh) = asked
    assert pilot == rules.PILOT < n == verdict.n < 10_000
    assert verdict.value == pytest.approx(fresh.mean() / 3 - 1)
    assert not set(first) & set(fresh)


def test_an_average_that_needs_too_many_says_so():
    verdict = averages(1.0, exponential(1.0, spread=100.0), effect=0.05).judge(CHANCE)
    assert verdict.status == Status.INCONCLUSIVE
    assert verdict.n == rules.MOST_OBSERVATIONS
    assert verdict.needed > rules.MOST_OBSERVATIONS
    assert verdict.reason.endswith(f"{verdict.needed:,} probes, more than the 400,000 that a claim may draw")


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 0.0])
def test_an_average_needs_a_prediction_to_be_relative_to(wrong):
    assert status(averages(wrong, exponential(1.0), effect=0.05)) == Status.REFUTED


@pytest.mark.parametrize("wrong", [lambda n, rng: np.ones(n - 1), lambda n, rng: np.full(n, np.nan)])
def test_observations_that_are_not_there_break_an_average(wrong):
    with pytest.raises(Broken, match="must return 400 finite probes"):
        averages(1.0, wrong, effect=0.05).judge(CHANCE)


def test_no_spread_between_probes_is_no_evidence():
    verdict = averages(1.0, lambda n, rng: np.ones(n), effect=0.05).judge(CHANCE)
    assert verdict.status == Status.INCONCLUSIVE
    assert verdict.reason == "the probes have no spread, so that there is no interval"


def test_both_is_as_grave_as_its_gravest_part():
    good, bad, unsure = (
        positive(1 + 0.1 * NOISE, effect=0.1),
        positive(-1 + 0.1 * NOISE, effect=0.1),
        positive(NOISE, effect=0.1),
    )
    assert status(both(good, good)) == Status.SUPPORTED
    assert status(both(good, unsure)) == Status.INCONCLUSIVE
    assert status(both(unsure, bad, good)) == Status.REFUTED


def test_parts_have_random_numbers_in_common_where_they_ask_for_them():
    drawn = []

    def sample(n, rng):
        drawn.append(rng.standard_normal(n)[0])
        return 1 + 0.1 * rng.standard_normal(n)

    parts = [averages(1.0, sample, effect=0.05), averages(1.0, sample, effect=0.1)]
    alone, together = (both(*parts, common=common).judge(CHANCE) for common in (False, True))
    assert len(set(drawn[:4])) == 4
    assert drawn[4:6] == drawn[6:]
    assert [part.alarm for part in together.parts] == [part.alarm for part in alone.parts] == [CHANCE.alarm / 2] * 2


def test_verdicts_survive_json():
    import json

    verdict = both(positive(1 + 0.1 * NOISE, effect=0.1), matches(1.0, 1.0)).judge(CHANCE)
    assert Verdict.from_record(json.loads(json.dumps(verdict.record()))) == verdict
    assert combine(verdict.parts).status == verdict.status


def test_a_verdict_says_by_what_rule_at_what_rates_and_on_which_values():
    values = 1 + 0.123456789 * NOISE
    verdict = both(positive(values, effect=0.1, layers=(), about="one"), negligible(NOISE, effect=2.0)).judge(CHANCE)
    first, second = verdict.parts
    assert (first.rule, first.effect, first.alarm) == ("direction", 0.1, CHANCE.alarm / 2)
    assert first.false_support == CHANCE.false_support
    assert first.values == pytest.approx(values, rel=1e-6)
    assert second.rule == "equality"
    exact = matches(1.0, 1.0).judge(CHANCE)
    assert (exact.rule, exact.effect, exact.alarm, exact.values) == ("identity", RELATIVE_ACCURACY, None, ())


def test_of_draws_that_are_no_networks_no_values_are_kept():
    verdict = averages(1.0, lambda n, rng: 1 + 0.1 * rng.standard_normal(n), effect=0.1).judge(CHANCE)
    assert (verdict.values, verdict.effect, verdict.alarm) == ((), 0.1, CHANCE.alarm)


def test_observations_and_effects_are_checked():
    with pytest.raises(Broken, match="finite"):
        positive(np.array([1.0, np.nan]), effect=0.1)
    with pytest.raises(ValueError, match=r"received effect=.*not above 0"):
        positive(NOISE, effect=0.0)
    with pytest.raises(ValueError, match=r"a difference of probabilities is at most 0\.5"):
        law(0.5, lambda n, rng: n, effect=0.6)


@pytest.mark.parametrize("status", [Status.INCONCLUSIVE, Status.REFUTED])
def test_of_the_gravest_parts_the_least_firm_is_shown(status):
    milder = Verdict(Status.SUPPORTED, "", value=0.0, p_value=1e-9)
    parts = [milder, *(Verdict(status, "", value, p_value=1 / value) for value in (1.0, 4.0, 2.0))]
    assert combine(parts).value == 4
    assert combine([*parts, Verdict(status, "", 3.0, strain=0.5)]).value == 3


@pytest.mark.parametrize(
    ("mean", "spread", "expected"),
    [
        (0.501, 0.0005, Status.SUPPORTED),
        (0.9, 0.1, Status.SUPPORTED),
        (0.5, 0.1, Status.INCONCLUSIVE),
        (0.499, 0.0005, Status.REFUTED),
    ],
)
def test_beyond_a_bound_any_amount_is_as_claimed(mean, spread, expected):
    verdict = exceeds(mean + spread * NOISE, 0.5, "share").judge(CHANCE)
    assert verdict.status == expected
    assert "smaller" not in verdict.reason
