"""Tests that each part of a claim that a counterfeit turns by another part has a world in which it fails alone."""

from dataclasses import replace

import numpy as np
import pytest

from tests.verify.synthetic import story
from verify.counterfeits import levelled_choice, scaled
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import Status
from verify.registry import load_claims

CLAIMS = load_claims()


def parts(claim_id, runs):
    verdict = CLAIMS[claim_id].judge(of_claim(0, claim_id), runs)
    return {part.about: part.status for part in verdict.parts}


def failing(claim_id, runs):
    return {about for about, status in parts(claim_id, runs).items() if status != Status.SUPPORTED}


def with_profile(profile):
    """The story whose permuted capacity ends so far above the baseline, by layer, in the logarithm."""
    return story.story(spread=0.005, memorized=np.array(profile))


def test_a_gain_that_is_spread_over_all_layers_is_not_predominantly_deep():
    assert failing("S-07", with_profile([0.5, 0.55, 0.6, 0.65, 0.7, 0.75])) == {"gain of deep layers less that of all others"}


def test_a_capacity_that_grows_more_than_balls_of_that_geometry_is_not_due_to_it():
    """Permuted capacity, and nothing else, grows as the fifth power of what it did."""

    def more(key, series):
        permuted = key[1:3] == ("permuted", "") and key.quantity.endswith("capacity") and key.layer in story.LAYERS
        return key, replace(series, values=series.values * (series.values / series.values[:, :1]) ** 4) if permuted else series

    found = failing("S-09", story.story(spread=0.005).transformed(more))
    assert found == {"change by radius and dimension above half of the whole, deep layers"}


@pytest.mark.parametrize("quantity", ["capacity", "radius", "dimension"])
def test_each_quantity_of_the_null_is_seen_by_itself(quantity):
    runs = scaled(f"cavity_{quantity}", "permuted", 1.3, choice="shuffled")(story.story(spread=0.005))
    assert failing("S-04.null", runs) == {f"{quantity}, shuffled"}


def test_preferential_learning_needs_a_larger_gain_and_not_only_a_gain():
    """Permuted manifolds learn as much as unpermuted ones until the turning point."""

    def learned(key, series):
        alike = key[1:3] == ("permuted", "") and key.quantity.endswith("capacity") and key.layer in story.LAYERS
        return key, replace(series, values=series.values * np.exp(2.0 * (series.epochs > 0))) if alike else series

    assert failing("S-05", story.story(spread=0.005).transformed(learned)) == {"gain of unpermuted", "gain of restored"}


def test_real_examples_that_differ_no_more_than_random_labels_do_not_pass_by_the_other_part():
    runs = levelled_choice("misclassification_dispersion", "real", "randY")(story.story(spread=0.005))
    assert failing("A-03", runs) == {"real over random labels"}


@pytest.mark.parametrize(("choice", "part"), [("real", "real, below 1"), ("randX", "random inputs, below 1")])
def test_classes_that_depend_on_other_classes_more_than_on_themselves_are_seen_by_kind_of_data(choice, part):
    """Real ratios stay above those of random inputs, or are allowed to fall below."""
    runs = scaled("sensitivity_ratio", "unpermuted", 3.0, choice=choice)(story.story(spread=0.005))
    assert part in failing("A-05", runs)
    assert {"real, below 1", "random inputs, below 1"} - {part} <= set(parts("A-05", runs)) - failing("A-05", runs)


@pytest.mark.parametrize("epoch", [1, 2, 5, 10])
def test_each_epoch_of_throughout_is_seen_by_itself(epoch):
    def level(key, series):
        real = key[:3] == ("sensitivity_gini", "unpermuted", "real")
        return key, replace(series, values=np.where(series.epochs == epoch, 0.23, series.values)) if real else series

    assert failing("A-04.throughout", story.story(spread=0.005).transformed(level)) == {f"after epoch {epoch}"}
