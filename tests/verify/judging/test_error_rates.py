import numpy as np
import pytest
from scipy import stats

from verify.judging import drawn_examples, error_rates
from verify.report import pins
from verify.worlds.world import LIVE, World


def test_a_full_run_alarms_at_most_once_in_a_thousand(registry):
    """Claims, in each of their live worlds, fail only where two independent draws do; some have no chance in them."""
    worlds = [World(name) for name in LIVE]
    live = sum(sum(world.asks(claim) for world in worlds) if claim.needs else 1 for claim in registry.values())
    assert live >= 8
    assert live * error_rates.ALARM**2 <= error_rates.FULL_RUN_ALARM


def test_a_full_run_pins_few_enough_numbers():
    live = [pin for pin in pins.load(pins.PINS).values() if pin.world in LIVE]
    assert sum(len(pin.numbers) for pin in live) * pins.ALARM <= error_rates.FULL_RUN_ALARM


def test_examples_and_parts_share_one_claims_alarm():
    whole = error_rates.of_claim(0, "C-00")
    share = whole.split(drawn_examples.EXAMPLES).split(3)
    assert share.alarm * drawn_examples.EXAMPLES * 3 == pytest.approx(error_rates.ALARM)
    assert share.miss * drawn_examples.EXAMPLES * 3 == pytest.approx(1 - error_rates.POWER)
    assert whole.split(5).false_support == whole.false_support


@pytest.mark.parametrize("p", [0.0, 0.003, 0.2, 0.5, 0.97, 1.0])
@pytest.mark.parametrize("error", [0.2, 1e-3, 1e-7])
def test_binomial_rejection_stays_below_its_error_and_sees_the_effect(p, error):
    n = error_rates.binomial_trials(p, 0.05, error)
    low, high = error_rates.binomial_rejection(n, p, error)
    assert stats.binom.cdf(low, n, p) <= error / 2
    assert stats.binom.sf(high - 1, n, p) <= error / 2
    for q in (p - 0.05, p + 0.05):
        if 0 <= q <= 1:
            assert stats.binom.cdf(low, n, q) + stats.binom.sf(high - 1, n, q) >= error_rates.POWER


def test_rejection_and_interval_agree():
    n, error = 400, 0.01
    for count in range(0, 401, 7):
        low, high = error_rates.binomial_interval(count, n, error)
        for p in (0.1, 0.45, 0.9):
            rejected_below, rejected_above = error_rates.binomial_rejection(n, p, error)
            assert (count <= rejected_below or count >= rejected_above) == (not low < p < high)


def test_the_same_words_give_the_same_numbers():
    draw = lambda *words: error_rates.of_claim(3, "S-02").named(*words).rng().random()  # noqa: E731
    assert draw("a") == draw("a") != draw("b")
    assert error_rates.of_claim(3, "S-02").integer() != error_rates.of_claim(4, "S-02").integer()


def test_what_would_have_been_seen_is_seen():
    """A shift of the detectable size, at the true spread, is seen 999 times in 1,000: counted over 20,000 draws of ten."""
    draws = np.random.default_rng(0).normal(0, 1, (20_000, 10))
    of_unit_spread = np.array([-1.0, 1.0] * 5) * np.sqrt(0.9)
    shift = error_rates.detectable_shift(of_unit_spread, 0.01)
    missed = np.sum(draws.mean(1) + shift <= stats.t.isf(0.01, 9) / np.sqrt(10) * draws.std(1, ddof=1))
    assert missed <= stats.binom.isf(1e-4, 20_000, 1 - error_rates.POWER)


def zero_inflated(rng, size):
    """A squared displacement at margin 0: half of the probes are not moved. Mean 1/2, kurtosis about 29."""
    return np.maximum(rng.standard_normal(size), 0) ** 2


@pytest.mark.settled
@pytest.mark.parametrize("miss", [0.2, 1e-2, 1e-3, 1e-5])
def test_the_observations_named_would_do(miss):
    """Over pilots of 400 of a long-tailed quantity, the chance that a normal mean of as many is not seen to be right."""
    pilots, spread = zero_inflated(np.random.default_rng(0), (4000, 400)), np.sqrt(5) / 2
    n = np.array([error_rates.observations_needed(pilot, 0.1, 0.01, miss) for pilot in pilots])
    room = 0.1 / (spread / np.sqrt(n)) - stats.norm.isf(0.01)
    assert np.mean(2 * stats.norm.sf(room)) <= miss
    assert np.mean(n) < 4 * ((stats.norm.isf(0.01) + stats.norm.isf(miss / 2)) * spread / 0.1) ** 2


def test_a_pilot_without_spread_needs_no_more_than_itself():
    assert error_rates.observations_needed(np.ones(400), 0.1, 0.01, 1e-3) == 400
