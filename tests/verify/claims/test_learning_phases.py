"""Tests that the claim of three phases holds of curves that have them, and of no curve that lacks one."""

from unittest.mock import patch

import numpy as np
import pytest

from verify.claims.schneider2022 import claim_l02
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import Status
from verify.strategies.trained_digits import TrainedDigits

# Beneath it are decoders, which need scikit-learn.
pytestmark = pytest.mark.needs_torch
NETWORKS = 32
# The errors at 0, .3, .5, .7, 1.5, 2, 3 and 25 epochs.
PHASES = (0.5, 0.5, 0.495, 0.47, 0.38, 0.36, 0.38, 0.41)
STRAIGHT = (0.5, 0.479, 0.465, 0.451, 0.395, 0.36, 0.38, 0.41)
NO_RISE = (0.5, 0.5, 0.495, 0.47, 0.38, 0.36, 0.36, 0.36)
NO_FALL = (0.36, 0.36, 0.36, 0.36, 0.36, 0.36, 0.38, 0.41)


def judged(curve, spread=0.005):
    """The status of the claim where networks have this curve, each with noise of its own."""
    rng = np.random.default_rng(0)
    errors = np.array(curve)[None, :, None] + spread * rng.standard_normal((2, len(curve), NETWORKS))
    world = TrainedDigits.drawn(NETWORKS, 1, (0, 1), 100, 0.05, 0.9, (*claim_l02.LOOKS, 25))
    with patch.object(TrainedDigits, "reconstruction_errors", lambda self, *of: errors):
        return claim_l02.phases(world).judge(of_claim(0, "L-02")).status


def test_three_phases_are_seen():
    assert judged(PHASES) == Status.SUPPORTED


@pytest.mark.parametrize("curve", [STRAIGHT, NO_RISE, NO_FALL])
def test_a_curve_without_one_of_the_phases_refutes(curve):
    assert judged(curve) == Status.REFUTED


def test_a_least_error_at_the_first_look_is_no_first_phase():
    assert judged((0.5, 0.36, 0.37, 0.38, 0.4, 0.4, 0.4, 0.4), spread=0.001) == Status.REFUTED
