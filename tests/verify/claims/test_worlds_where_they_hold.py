"""Tests that claims which are not SUPPORTED are so in a world where they hold, and that what is no number passes nowhere."""

from unittest.mock import patch

import numpy as np
import pytest

from verify.claims.cohen2020 import claim_n02
from verify.claims.liang2025 import claim_b03
from verify.claims.rolnick2017 import claim_v03
from verify.claims.schneider2022 import claim_l03, claim_l04
from verify.judging.drawn_examples import body_of
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import Status
from verify.strategies.diluted_digits import DilutedDigits
from verify.strategies.mixtures import Mixture
from verify.strategies.trained_digits import EPOCHS, TrainedDigits

# The digits come with scikit-learn, and claims name torch.
pytestmark = pytest.mark.needs_torch
NO_NUMBER = float("nan")


def judged(claim, *example):
    """The status of a claim on one example."""
    return body_of(claim.function)(*example).judge(of_claim(0, claim.id)).status


@pytest.mark.parametrize("draw", range(1, 6))
def test_a_fifth_of_examples_that_are_hard_makes_both_phases(registry, draw):
    many, none = (Mixture(300, 3, 20, share, 2.0, 0.2, draw) for share in (0.2, 0.0))
    assert judged(registry["L-03"], many) == judged(registry["L-03.sign"], many) == Status.SUPPORTED
    assert judged(registry["L-03"], none) == judged(registry["L-03.sign"], none) == Status.REFUTED


def test_a_rise_that_is_smaller_than_claimed_has_the_sign_alone(registry):
    few = Mixture(300, 2, 20, 0.02, 1.0, 0.2, 1)
    assert judged(registry["L-03"], few) == Status.REFUTED
    assert judged(registry["L-03.sign"], few) == Status.SUPPORTED


def test_what_is_no_number_is_no_change_and_no_loss(registry):
    chance = of_claim(0, "L-03")
    assert claim_l03.reaches(0.02, 0.02).judge(chance).status == Status.SUPPORTED
    assert claim_l03.reaches(NO_NUMBER, 0.02).judge(chance).status == Status.REFUTED
    with patch.object(claim_b03, "loss_ratio", lambda *of: NO_NUMBER):
        relation = body_of(registry["B-03.descent"].function)(claim_b03.Sphere(3, 3, 1.0, False, 1))
    assert [part.judge(chance).status for part in relation.relations] == [Status.REFUTED] * 2


def test_class_means_of_more_images_than_in_proportion_keep_their_accuracy(registry):
    """In exact proportion they keep it too (V-03.averaging), but a dozen draws are too few to show that it is not .05 less."""
    more_images = patch.object(claim_v03, "MANY", 2 * claim_v03.MANY)
    with patch.object(DilutedDigits, "accuracy", DilutedDigits.class_mean_accuracy), more_images:
        assert judged(registry["V-03.proportional"], "all") == Status.SUPPORTED


def transferring(later, noise, seed):
    """Networks whose accuracy rises to the end, and which transfer less well after the epoch 3, in the context of a patch."""
    rng, networks = np.random.default_rng(seed), claim_l04.NETWORKS
    levels = 0.8 + later * (np.array(EPOCHS) > 3)[:, None]
    transfer = levels + noise * rng.standard_normal((2, len(EPOCHS), networks))
    accuracy = np.linspace(0.1, 0.95, len(EPOCHS))[:, None] * np.ones(networks)
    return patch.multiple(TrainedDigits, accuracies=lambda self: accuracy, transferred=lambda self, *of: transfer)


def test_networks_that_forget_late_transfer_better_when_they_stop_early(registry):
    with transferring(-0.06, 0.01, 0):
        assert judged(registry["L-04"], 1, 0.03) == Status.SUPPORTED


@pytest.mark.slow
def test_a_stop_that_chance_prefers_is_not_called_better(registry):
    """Two hundred worlds of equal stops: 2 are expected at an error of 0.01, and more than 8 in one of 4,000 tests."""
    found = []
    for seed in range(200):
        with transferring(0.0, 0.02, seed):
            found.append(judged(registry["L-04"], 1, 0.03))
    assert found.count(Status.SUPPORTED) <= 8


@pytest.mark.parametrize(("of_typical", "status"), [("earlier", Status.SUPPORTED), ("as whole", Status.REFUTED)])
def test_whole_classes_that_untangle_last(registry, of_typical, status):
    """Whole classes are at their baseline up to the last layer; typical images rise earlier and further, or just as they do."""
    noise = np.random.default_rng(0).normal(0, 0.01, (2, claim_n02.NETWORKS, 6))
    whole = np.array([0, 0, 0, 0, 0, 0.3]) + noise[0]
    typical = noise[1] + np.array([0, 0.2, 0.2, 0.2, 0.2, 0.6] if of_typical == "earlier" else [0, 0, 0, 0, 0, 0.3])
    with patch.object(claim_n02, "log_gains", lambda _: (whole, typical)):
        assert judged(registry["N-02"], 1, claim_n02.RATE) == status
