"""Tests of the claims that compare a sweep with its noise: true in the story, false in the counterfeit, and each part alone."""

from dataclasses import replace

import numpy as np
import pytest

from tests.verify.synthetic import noise_sweeps
from tests.verify.synthetic.noise_sweeps import BY_WIDTH, REGULARIZERS
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import Status
from verify.measurements.memorization.regularizers import Regularized
from verify.measurements.sweeps import Sweep
from verify.registry import load_claims

CLAIMS = {name: claim for name, claim in load_claims().items() if claim.sweep and claim.beside and claim.labels != ("images",)}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_is_supported_where_it_is_true_and_not_in_its_counterfeit(name, seed):
    claim, chance = CLAIMS[name], of_claim(seed, name)
    sweep = noise_sweeps.told(claim, seed)
    assert claim.judge(chance, sweep).status == Status.SUPPORTED
    verdict = claim.judge_counterfeit(chance, sweep)
    assert verdict.status in (Status.REFUTED, Status.INCONCLUSIVE)
    assert verdict.value is not None


def failing(name, sweep):
    """The parts that are not SUPPORTED."""
    verdict = CLAIMS[name].judge(of_claim(0, name), sweep)
    assert verdict.status in (Status.REFUTED, Status.INCONCLUSIVE)
    return {part.about for part in verdict.parts if part.status != Status.SUPPORTED}


@pytest.mark.parametrize(
    ("name", "times", "parts"),
    [
        ("A-07", {"": 0.5, "-inputs40": 0.5, "-inputs80": 0.5}, {"rise per step of 40 % noise"}),
        ("A-07", {"": 0.0}, {"real"}),
        ("A-07", {"": -0.5, "-inputs40": 0.0}, {"real", "40 % noise"}),
        ("A-07.randX", {"": 0.5}, {"randX over real"}),
        ("A-07.randX", {"": 0.0}, {"real"}),
        ("A-07.randY", {"": -0.5, "-randY": 0.0}, {"real", "randY"}),
    ],
)
def test_each_part_about_width_is_seen_by_itself(name, times, parts):
    """Exponents of width, in place of those of the story."""
    changed = {kind: (base, times.get(kind, exponent)) for kind, (base, exponent) in BY_WIDTH.items()}
    assert failing(name, noise_sweeps.widths(times=changed)) == parts


def test_a_best_width_at_an_end_of_the_sweep_is_not_asked(monkeypatch):
    monkeypatch.setitem(noise_sweeps.BEST, "-inputs80", (0.7, 0.75, 0.79, 0.81, 0.83, 0.85))
    verdict = CLAIMS["A-06.argmax"].judge(of_claim(0, "A-06.argmax"), noise_sweeps.widths())
    assert verdict.status == Status.NOT_ASKED
    assert "16 or 512, in 0%, 0%, 100% of the networks at 0, 40 and 80 % noise" in verdict.reason


def bent(sweep: Sweep, power: float) -> Sweep:
    """The sweep in which the time grows with a power of the size that is larger by ``power``."""

    def later(runs, size):
        def change(key, series):
            if key.quantity != "loss":
                return key, series
            factor = (size / noise_sweeps.SIZES[0]) ** power
            chance = np.log(runs.n_classes)
            return key, replace(series, values=chance * (series.values / chance) ** (1 / factor))

        return runs.transformed(change)

    return replace(sweep, runs=tuple(later(runs, size) for runs, size in zip(sweep.runs, sweep.values, strict=True)))


@pytest.mark.parametrize("kind", ["-randX", "-randXpix", "-randY", ""])
def test_each_exponent_is_held_against_the_theory_by_itself(kind):
    sweep = noise_sweeps.sizes()

    def beside(suffix):
        return bent(sweep.beside(suffix), -0.5) if suffix == kind else sweep.beside(suffix)

    changed = replace(sweep if kind else bent(sweep, 0.5), beside=beside)
    assert failing("A-08.linear", changed) == {f"{kind[1:] or 'real'} less theory"}


def test_times_below_those_of_every_kernel_are_compared_with_the_kernel_nearest_to_them():
    """Random labels are fitted sooner than true ones: the theory says 1 for the exponent of both."""
    sweep = noise_sweeps.sizes()
    exchanged = replace(sweep.beside("-randY"), beside=lambda suffix: sweep if suffix == "-randY" else sweep.beside(suffix))
    assert failing("A-08.linear", exchanged) == {"randY less theory"}


def test_a_cost_that_is_not_shown_to_be_small_supports_nothing(monkeypatch):
    """Four tenths of a point on average in either half, and two points more or less from network to network."""
    found = noise_sweeps.regularizers()
    scattered = 0.004 + 0.02 * np.array([1, 1, -1, -1, 1, 1, -1, -1, 0, 0])[:, None] * np.ones(len(REGULARIZERS))
    monkeypatch.setattr(Regularized, "cost", lambda self: np.where([bool(names) for names in self.names], scattered, 0.0))
    assert failing("A-13", found) == {"cost below 0.01"}
    assert failing("A-13.prevents", found) == {"cost below 0.01"}


def test_one_regularizer_that_suppresses_as_much_as_dropout_does_is_enough():
    strong = {**REGULARIZERS, "weight_decay=0.001": (0.0, 0.5, 3.6)}
    assert failing("A-13.ranking", noise_sweeps.regularizers(effects=strong)) == {"dropout over weight_decay"}


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (("none", "weight_decay=0.01", "input_noise=2"), "must have dropout and another regularizer alone"),
        (("none", "dropout=0.3", "dropout=0.3+adversarial=0.5"), "must have dropout and another regularizer alone"),
    ],
)
def test_a_ranking_without_dropout_or_without_others_is_not_asked(left, words):
    sweep = noise_sweeps.regularizers(effects={name: REGULARIZERS[name] for name in left})
    verdict = CLAIMS["A-13.ranking"].judge(of_claim(0, "A-13.ranking"), sweep)
    order = CLAIMS["A-14"].judge(of_claim(0, "A-14"), sweep)
    assert {verdict.status, order.status} == {Status.NOT_ASKED}
    assert words in verdict.reason
    assert "has 2 regularizers besides 'none' to order; 5 are required" in order.reason


def test_kinds_may_have_one_order_though_strengths_have_another():
    """Three strengths of five kinds; kinds are slowed alike on both labels, and strengths in opposite order."""
    kinds = ("adversarial", "dropout", "hidden_noise", "input_noise", "weight_decay")
    effects = {"none": (0.0, 0.99, 2.0)}
    for place, kind in enumerate(kinds):
        for step, strength in enumerate((0.1, 0.2, 0.3)):
            shift = (step - 1) * 3
            effects[f"{kind}={strength}"] = (0.0, 0.9 - 0.05 * (place + shift), 3.0 + 0.5 * (place - shift))
    sweep = noise_sweeps.regularizers(effects=effects)
    assert CLAIMS["A-14"].judge(of_claim(0, "A-14"), sweep).status == Status.SUPPORTED
    assert CLAIMS["A-14.families"].judge(of_claim(0, "A-14.families"), sweep).status != Status.SUPPORTED
