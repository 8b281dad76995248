"""Tests that each part of the claims about critical samples and noise levels fails where it alone is false."""

from dataclasses import replace

import numpy as np
import pytest

from empirical.evidence.names import RADII
from tests.verify.synthetic import noise_levels, story
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import Status
from verify.registry import load_claims

CLAIMS = load_claims()


def failing(name, runs):
    """The parts that are not SUPPORTED."""
    verdict = CLAIMS[name].judge(of_claim(0, name), runs)
    assert verdict.value is not None, verdict
    return {part.about for part in verdict.parts if part.status != Status.SUPPORTED}


def shifted(runs, *choices, by=-0.5, epochs=slice(None)):
    """Runs whose critical sample ratio is moved, for some choices and epochs."""

    def change(key, series):
        if key.quantity != "critical_sample_ratio" or key.choice not in choices:
            return key, series
        values = series.values.copy()
        values[:, epochs] += by
        return key, replace(series, values=values)

    return runs.transformed(change)


def beside(runs, suffix, changed):
    """Runs beside which one world is changed."""
    return replace(runs, beside=lambda name: changed(runs.beside(name)) if name == suffix else runs.beside(name))


@pytest.fixture
def told():
    return story.story(spread=0.005)


@pytest.mark.parametrize("kind", ["randX", "randY"])
def test_each_kind_of_noise_is_compared_by_itself(told, kind):
    changed = beside(told, f"-{kind}", lambda runs: shifted(runs, "2"))
    assert failing("A-09", changed) == {f"{kind} over real"}


@pytest.mark.parametrize("radius", RADII)
def test_each_radius_is_compared_by_itself(told, radius):
    changed = beside(told, "-randX", lambda runs: shifted(runs, radius))
    assert failing("A-09.radii", changed) == {f"randX over real radius {radius}"}
    assert failing("A-09", changed) == ({"randX over real"} if radius == "2" else set())


@pytest.mark.parametrize("how", ["softmax", "in range"])
def test_each_search_is_compared_by_itself(told, how):
    changed = beside(told, "-randY", lambda runs: shifted(runs, f"2/{how}"))
    assert failing("A-09.choices", changed) == {f"randY over real {how}"}
    assert failing("A-09", changed) == set()


@pytest.mark.parametrize("kind", ["real", "randX", "randY"])
def test_each_rise_is_seen_by_itself(told, kind):
    """The ratio at initialization is too high for a rise from there on; it is no part of the rise after the first epoch."""

    def high_at_first(runs):
        return shifted(runs, "2", by=0.8, epochs=0)

    changed = high_at_first(told) if kind == "real" else beside(told, f"-{kind}", high_at_first)
    assert failing("A-09.rises", changed) == {kind}
    assert failing(f"A-09.rises.{kind}", changed) == set()


def test_a_ratio_that_still_rises_in_the_end_has_no_plateau(told):
    assert failing("A-09.rises", shifted(told, "2", by=0.3, epochs=-1)) == {"plateau"}


def test_networks_trained_on_noise_inputs_are_judged_on_fresh_noise(told):
    without = beside(
        told, "-randX", lambda runs: replace(runs, table={k: s for k, s in runs.table.items() if k.group != "noise"})
    )
    assert CLAIMS["A-09"].judge(of_claim(0, "A-09"), without).status == Status.UNTESTED


@pytest.mark.parametrize(("about", "epochs"), [("best", slice(2, 3)), ("final", slice(4, 6))])
def test_the_best_and_the_final_accuracy_are_judged_each_by_itself(about, epochs):
    """At every level these epochs have what they have at the smallest level."""
    sweep = noise_levels.inputs()
    first = sweep.runs[0].table

    def like_the_first(key, series):
        values = series.values.copy()
        if key.group == "test" and key.quantity == "accuracy":
            values[:, epochs] += first[key].values[:, epochs].mean(axis=0) - values[:, epochs].mean(axis=0)
        return key, replace(series, values=values)

    changed = replace(sweep, runs=tuple(runs.transformed(like_the_first) for runs in sweep.runs))
    assert failing("A-11", changed) == {about}


def test_a_peak_at_the_initialization_counts_as_one_at_the_first_epoch(told):
    """It is a lead of log2(fitting epoch), and not an infinite one."""

    def first(key, series):
        values = series.values.copy()
        if key.group == "test" and key.quantity == "accuracy":
            values[:, 0] = 0.99
        return key, replace(series, values=values)

    changed = told.transformed(first)
    verdict = CLAIMS["A-12"].judge(of_claim(0, "A-12"), changed)
    assert verdict.value == pytest.approx(np.log2(changed.fitting_epochs(0.9)).mean())


def test_levels_without_random_labels_and_without_true_ones_have_no_lead():
    sweep = noise_levels.labels()
    verdict = CLAIMS["A-12.levels"].judge(of_claim(0, "A-12.levels"), sweep)
    assert [part.about for part in verdict.layers] == ["20% random", "40% random", "60% random", "80% random"]


def test_the_first_step_compares_networks_of_one_number(told):
    levels = noise_levels.inputs()
    some = replace(levels, runs=tuple(replace(runs, networks=tuple(range(3, 13))) for runs in levels.runs))
    numbered = replace(told, networks=tuple(range(10)), beside=lambda _: some)
    (best, _) = CLAIMS["A-11.step"].relation(numbered).relations
    assert best.values == pytest.approx(
        told.accuracy("test", "turning_point")[3:] - levels.runs[0].accuracy("test", "turning_point")[:7]
    )
