"""Tests of claims about networks that reproduce images where every claim is true: each holds, and its counterfeit turns it."""

from dataclasses import replace

import numpy as np
import pytest

from tests.verify.synthetic import identity
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import Status
from verify.registry import load_claims

CLAIMS = {name: claim for name, claim in load_claims().items() if claim.labels == ("images",)}


def failing(name, sweep):
    """The parts of a claim that do not hold."""
    return {part.about for part in CLAIMS[name].judge(of_claim(0, name), sweep).parts if part.status != Status.SUPPORTED}


@pytest.mark.parametrize("name", CLAIMS)
@pytest.mark.parametrize("seed", range(5))
def test_the_claim_holds_and_its_counterfeit_turns_it(name, seed):
    sweep, rates = identity.told(CLAIMS[name], seed), of_claim(seed, name)
    assert CLAIMS[name].judge(rates, sweep).status == Status.SUPPORTED
    verdict = CLAIMS[name].judge_counterfeit(rates, sweep)
    assert verdict.status in (Status.REFUTED, Status.INCONCLUSIVE), verdict
    assert verdict.value is not None


@pytest.mark.parametrize(
    ("suffix", "parts"), [("-gain1", {"gain 1 stays"}), ("-gain2", {"gain 2 falls"}), ("", {"gain 1/3 goes up"})]
)
def test_each_gain_is_seen_by_itself(suffix, parts):
    """The networks of one gain do what those of another do."""
    made = {name: identity.linear().beside(name) for name in identity.GAINS}
    wrong = {"-gain1": "", "-gain2": "-gain1", "": "-gain1"}[suffix]
    changed = {**made, suffix: made[wrong]}
    assert failing("Z-04", replace(changed[""], beside=changed.__getitem__)) == parts


@pytest.mark.parametrize(
    ("digits", "noise", "sparse", "parts"),
    [
        (0.93, 0.6, 0.7, {"digits are learned"}),
        (0.98, 0.92, 0.7, {"noise is not"}),
        (0.98, 0.6, 0.92, {"sparse patterns are not"}),
    ],
)
def test_each_family_is_seen_by_itself(digits, noise, sparse, parts):
    levels = {"digits": digits, "noise": noise, "sparse": sparse}

    def levelled(key, series):
        if key.quantity != "corr_id":
            return key, series
        return key, replace(series, values=levels[key.group] + series.values - series.values.mean())

    sweep = identity.many()
    assert failing("Z-05", replace(sweep, runs=tuple(runs.transformed(levelled) for runs in sweep.runs))) == parts


def test_a_law_that_fails_at_one_depth_is_told_with_it():
    sweep = identity.linear()

    def copied(key, series):
        return key, replace(series, values=series.values + 0.2) if key.quantity == "corr_id" else series

    runs = (sweep.runs[0], sweep.runs[1].transformed(copied), *sweep.runs[2:])
    assert failing("Z-03.law", replace(sweep, runs=runs)) == {"depth 2"}


def test_no_network_chooses_the_depth_at_which_it_is_judged():
    """At one depth a single network is in between, at another all others are."""
    sweep = identity.convolutional()
    deep = sweep.runs[-1]

    def alone(key, series):
        values = series.values.copy()
        if key.quantity in ("corr_id", "corr_const") and key.group == "digits":
            values[0] = 0.1
        return key, replace(series, values=values)

    changed = replace(sweep, runs=(*sweep.runs[:-1], deep.transformed(alone)))
    relation = CLAIMS["Z-06.mixed"].relation(changed)
    assert all(np.all(part.values < 0.2) for part in relation.relations)


def test_networks_with_skip_connections_are_not_asked_what_is_said_of_others():
    skip = identity.convolutional().beside("-skip")
    for name in ("Z-06", "Z-06.mixed", "Z-06.edges", "Z-10"):
        assert CLAIMS[name].judge(of_claim(0, name), skip).status == Status.NOT_ASKED
