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


def at_depths(sweep, levels):
    """The sweep with corr_id and corr_const on digits as given, (corr_id, corr_const) by place."""

    def levelled(same, constant):
        means = {"corr_id": same, "corr_const": constant}

        def changed(key, series):
            if key.quantity not in means or key.group != "digits":
                return key, series
            return key, replace(series, values=means[key.quantity] + series.values - series.values.mean())

        return changed

    runs = [one.transformed(levelled(*levels[place])) if place in levels else one for place, one in enumerate(sweep.runs)]
    return replace(sweep, runs=tuple(runs))


def everything_beside(sweep):
    """The sweeps beside, by suffix."""
    return {suffix: sweep.beside(suffix) for suffix in ("-channels", "-skip", "-relu")}


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
        (0.93, 0.6, 0.7, {"digits are learned, depth 6"}),
        (0.98, 0.92, 0.7, {"noise is not, depth 6"}),
        (0.98, 0.6, 0.92, {"sparse patterns are not, depth 6"}),
    ],
)
def test_each_family_is_seen_by_itself_at_one_depth(digits, noise, sparse, parts):
    levels = {"digits": digits, "noise": noise, "sparse": sparse}

    def levelled(key, series):
        if key.quantity != "corr_id":
            return key, series
        return key, replace(series, values=levels[key.group] + series.values - series.values.mean())

    sweep = identity.many()
    shallow, deep = sweep.runs
    assert failing("Z-05", replace(sweep, runs=(shallow, deep.transformed(levelled)))) == parts


def test_a_law_that_fails_at_one_depth_is_told_with_it():
    sweep = identity.linear()

    def copied(key, series):
        return key, replace(series, values=series.values + 0.2) if key.quantity == "corr_id" else series

    runs = (sweep.runs[0], sweep.runs[1].transformed(copied), *sweep.runs[2:])
    assert failing("Z-03.law", replace(sweep, runs=runs)) == {"depth 2, 15 to 45 degrees", "depth 2, 60 to 90 degrees"}


def test_differences_of_opposite_signs_do_not_cancel():
    sweep = identity.linear()

    def turned(key, series):
        far = key.choice and int(key.choice) >= 60
        return key, replace(series, values=series.values + (0.2 if far else -0.2)) if key.quantity == "corr_id" else series

    runs = tuple(one.transformed(turned) for one in sweep.runs)
    assert len(failing("Z-03.law", replace(sweep, runs=runs))) == 2 * len(sweep.values)


def test_networks_on_which_theory_is_silent_are_not_asked():
    sweep = identity.linear()
    for changes in ({"optimizer": "adam"}, {"skip": True}):
        told = replace(sweep, runs=tuple(replace(runs, spec={**runs.spec, **changes}) for runs in sweep.runs))
        for name in ("Z-03.law", "Z-03.curve", "Z-04", "Z-11.curve"):
            assert CLAIMS[name].judge(of_claim(0, name), told).status == Status.NOT_ASKED
    assert CLAIMS["Z-04"].judge(of_claim(0, "Z-04"), identity.convolutional().beside("-relu")).status == Status.NOT_ASKED


def test_no_network_chooses_the_depth_at_which_it_is_judged():
    """At one depth a single network is in between, at another all others are."""
    sweep = identity.convolutional()
    early = sweep.runs[1]

    def alone(key, series):
        values = series.values.copy()
        if key.quantity in ("corr_id", "corr_const") and key.group == "digits":
            values[0] = 0.1
        return key, replace(series, values=values)

    changed = replace(sweep, runs=(sweep.runs[0], early.transformed(alone), *sweep.runs[2:]))
    relation = CLAIMS["Z-06.mixed"].relation(changed)
    assert np.all(relation.values < 0.2)


def test_a_depth_between_is_neither_the_shallowest_nor_the_deepest():
    sweep = identity.convolutional()
    lowest = at_depths(sweep, {0: (0.3, 0.3), 3: (0.3, 0.3), 1: (0.95, 0.6), 2: (0.6, 0.95)})
    assert CLAIMS["Z-06.mixed"].judge(of_claim(0, "Z-06.mixed"), lowest).status == Status.REFUTED
    two = replace(sweep, runs=sweep.runs[:2], values=sweep.values[:2])
    assert CLAIMS["Z-06.mixed"].judge(of_claim(0, "Z-06.mixed"), two).status == Status.NOT_ASKED


def test_networks_that_copy_and_networks_that_remember_are_not_mixed_together():
    """Half of the networks do the one, and half the other, so that both means are low."""
    sweep = identity.convolutional()

    def split(key, series):
        if key.quantity not in ("corr_id", "corr_const") or key.group != "digits":
            return key, series
        values = np.where(np.arange(len(series.values)) % 2 == (key.quantity == "corr_id"), 0.95, 0.5)
        return key, replace(series, values=np.repeat(values[:, None], 2, axis=1))

    halves = replace(sweep, runs=(sweep.runs[0], *(one.transformed(split) for one in sweep.runs[1:-1]), sweep.runs[-1]))
    assert CLAIMS["Z-06.mixed"].judge(of_claim(0, "Z-06.mixed"), halves).status != Status.SUPPORTED


@pytest.mark.parametrize(
    ("levels", "parts"),
    [
        ({0: (0.7, 0.4)}, {"the shallowest copy"}),
        ({3: (0.3, 0.7)}, {"the deepest return it"}),
    ],
)
def test_copying_and_returning_need_a_level(levels, parts):
    assert failing("Z-06", at_depths(identity.convolutional(), levels)) == parts


def test_a_contrast_that_comes_from_copying_alone_is_seen():
    sweep = identity.kernels()
    flat = at_depths(sweep, {0: (0.97, 0.6), 1: (0.8, 0.6), 2: (0.6, 0.6)})
    assert failing("Z-07", flat) == {"corr_const, largest over smallest"}


def test_plain_networks_that_do_not_remember_are_seen():
    sweep = identity.convolutional()
    assert failing("Z-12", at_depths(sweep, {3: (0.9, 0.6)})) == {"contrast without skip connections over with"}
    assert "the deepest return the training image" in failing("Z-10", at_depths(sweep, {3: (0.9, 0.6)}))


def test_worlds_of_unlike_networks_are_not_paired():
    """A network less beside is left out, and other images are refused."""
    sweep = identity.convolutional()
    channels = sweep.beside("-channels")
    fewer = tuple(
        runs.transformed(lambda key, series: (key, replace(series, values=series.values[1:]))) for runs in channels.runs
    )
    changed = replace(sweep, beside={**everything_beside(sweep), "-channels": replace(channels, runs=fewer)}.__getitem__)
    assert CLAIMS["Z-08"].judge(of_claim(0, "Z-08"), changed).status == Status.SUPPORTED
    other = tuple(replace(runs, spec={**runs.spec, "side": 28}) for runs in channels.runs)
    changed = replace(sweep, beside={**everything_beside(sweep), "-channels": replace(channels, runs=other)}.__getitem__)
    verdict = CLAIMS["Z-08"].judge(of_claim(0, "Z-08"), changed)
    assert verdict.status == Status.BROKEN
    assert "side" in verdict.reason


def test_networks_with_skip_connections_are_not_asked_what_is_said_of_others():
    skip = identity.convolutional().beside("-skip")
    for name in ("Z-06", "Z-06.mixed", "Z-06.edges", "Z-10"):
        assert CLAIMS[name].judge(of_claim(0, name), skip).status == Status.NOT_ASKED
