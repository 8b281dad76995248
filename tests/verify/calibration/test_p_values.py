"""Tests that a p-value is the smallest alarm rate at which the verdict would have been REFUTED."""

import numpy as np
import pytest

from verify.judging.error_rates import Chance
from verify.judging.mean_tests import Difference, Directional, Equality
from verify.judging.rules import Average, BinomialLaw, Both, Identity
from verify.judging.verdicts import Status

ALARMS = (0.3, 0.1, 0.01, 1e-4)


def refuted(relation, alarm):
    return relation.judge(Chance(alarm=alarm)).status == Status.REFUTED


@pytest.mark.parametrize("relation", [Directional, Equality, Difference])
@pytest.mark.parametrize("mean", [-2.0, -0.3, 0.2, 0.9, 1.6, 3.0])
def test_a_mean_is_refuted_at_the_alarm_rates_from_its_p_value_on(relation, mean):
    values = np.random.default_rng(0).normal(mean, 0.8, 12)
    part = relation(values, 1.0, "")
    p = part.judge(Chance()).p_value
    # A direction that its interval supports is not refuted, however far it falls short of the effect.
    supported = part.judge(Chance(alarm=0.5)).status == Status.SUPPORTED
    assert [refuted(part, alarm) for alarm in ALARMS] == [p < alarm and not supported for alarm in ALARMS]


@pytest.mark.parametrize("count", [300, 340, 400, 460, 480])
def test_a_law_is_refuted_at_the_alarm_rates_from_its_p_value_on(count):
    for alarm in ALARMS:
        law = BinomialLaw(0.4, lambda n, rng, share=count / 1000: round(share * n), 0.05, "dichotomies")
        verdict = law.judge(Chance(alarm=alarm))
        assert (verdict.status == Status.REFUTED) == (verdict.p_value <= alarm)


def test_an_average_spends_half_of_its_rate_on_the_interval():
    average = Average(Equality, 0.0, 1.0, lambda n, rng: rng.normal(0.13, 0.5, n), 0.1, "", "probes")
    p = average.judge(Chance()).p_value
    assert 0 < p < 1
    assert [refuted(average, alarm) for alarm in (2 * p, p / 2)] == [True, False]


def test_parts_and_unjudged_examples_share_the_rate():
    values = np.random.default_rng(1).normal(1.5, 0.5, 10)
    alone = Equality(values, 1.0, "").judge(Chance()).p_value
    together = Both((Equality(values, 1.0, ""), Identity(np.ones(1), np.ones(1), 1e-8))).judge(Chance())
    assert together.p_value == pytest.approx(2 * alone)


def test_where_there_is_no_chance_there_is_no_p_value():
    assert Identity(np.ones(1), 2 * np.ones(1), 1e-8).judge(Chance()).p_value is None


def test_a_part_without_chance_refutes_at_any_rate():
    values = np.random.default_rng(1).normal(0.0, 0.5, 10)
    verdict = Both((Equality(values, 1.0, ""), Identity(np.ones(1), 2 * np.ones(1), 1e-8))).judge(Chance())
    assert verdict.status == Status.REFUTED
    assert verdict.p_value == 0
