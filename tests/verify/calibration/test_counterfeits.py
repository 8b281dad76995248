"""Tests that no claim about networks comes out SUPPORTED in its counterfeit."""

import pytest

from tests.verify.settled_parts import RUNS, file_of
from tests.verify.synthetic import story
from verify.counterfeits import gradual
from verify.judging import error_rates
from verify.judging.verdicts import Status
from verify.registry import load_claims
from verify.worlds.world import LIVE, World, all_worlds

CLAIMS = load_claims()
NETWORK = [name for name, claim in CLAIMS.items() if claim.needs and not claim.sweep]


def is_judged(verdict):
    """Not merely refused for want of evidence, or of a fit."""
    return verdict.status in (Status.REFUTED, Status.INCONCLUSIVE) and verdict.value is not None


LIVE_PAIRS = [(name, world) for name in NETWORK for world in LIVE if World(world).asks(CLAIMS[name])]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "world"), LIVE_PAIRS)
def test_the_counterfeit_of_a_network_claim_is_not_supported(name, world, request):
    rates, runs = error_rates.of_claim(0, name), request.getfixturevalue(world.replace("-", "_"))
    verdict = CLAIMS[name].judge_counterfeit(rates, runs)
    # A layer may be too narrow to simulate its capacity: then the claim itself says so, elsewhere than on digits.
    if world != "digits" and CLAIMS[name].judge(rates, runs).status == Status.NOT_ASKED:
        assert verdict.status == Status.NOT_ASKED
    else:
        assert is_judged(verdict), verdict


RECORDED = {name: world for name, world in all_worlds().items() if world.recorded}


def asked_of(world):
    """The ids of the claims that are judged in a world."""
    return [name for name, claim in CLAIMS.items() if world.asks(claim)]


def supported_twice(name, world):
    """Whether a claim is SUPPORTED in its counterfeit, and what the networks themselves show does not contradict it.

    Where the opposite of a sentence is measured, a counterfeit that exchanges two groups makes it true, as for S-12.
    """
    rates, runs = error_rates.of_claim(0, name), world.runs(None)
    if CLAIMS[name].judge_counterfeit(rates, runs).status != Status.SUPPORTED:
        return False
    return CLAIMS[name].judge(rates, runs).status not in (Status.REFUTED, Status.INCONCLUSIVE)


@pytest.mark.slow
@pytest.mark.parametrize("name", asked_of(RECORDED["digits"]))
def test_no_claim_is_supported_both_on_digits_and_in_its_counterfeit(name):
    assert not supported_twice(name, RECORDED["digits"])


def of_world(world):
    """The files of the claims that are asked, and the evidence, also of the worlds that these compare with."""
    for name in asked_of(RECORDED[world]):
        yield file_of(CLAIMS[name])
        yield from (RECORDED[other].recorded for other in RECORDED[world].read_by(CLAIMS[name]))


@pytest.mark.settled(of=of_world, reads=RUNS)
@pytest.mark.parametrize("world", RECORDED)
def test_no_claim_is_supported_both_on_recorded_networks_and_in_its_counterfeit(world):
    """A world with which others are compared may be asked nothing itself."""
    assert not [name for name in asked_of(RECORDED[world]) if supported_twice(name, RECORDED[world])]


def makes_the_difference(name, seed):
    """The live worlds support some claims only; this one supports all, so that every counterfeit is seen to turn its claim."""
    runs, rates = story.told(CLAIMS[name], seed), error_rates.of_claim(seed, name)
    assert CLAIMS[name].judge(rates, runs).status == Status.SUPPORTED
    verdict = CLAIMS[name].judge_counterfeit(rates, runs)
    assert is_judged(verdict), verdict


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORK)
def test_where_every_claim_is_true_its_counterfeit_makes_the_difference(name):
    makes_the_difference(name, 0)


def of_claim(name):
    return [file_of(CLAIMS[name])]


@pytest.mark.settled(of=of_claim)
@pytest.mark.parametrize("name", NETWORK)
def test_it_does_so_whatever_the_networks(name):
    for seed in range(1, 5):
        makes_the_difference(name, seed)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("power", [1.0, 1.5, 2.0])
def test_a_rise_that_is_no_sharper_than_a_parabola_is_not_abrupt(power, seed):
    """The story's geometry by every method, at the same ends."""
    runs = gradual("cavity_capacity", "permuted", power)(story.story(seed))
    verdict = CLAIMS["S-08"].judge(error_rates.of_claim(seed, "S-08"), runs)
    assert is_judged(verdict), verdict
