"""Tests that every slip is detected: the test that it names passes, and fails once the slip is planted."""

from collections import Counter

import pytest

from tests.verify.planted.comparisons import COMPARED
from tests.verify.planted.drawn import DRAWN
from tests.verify.planted.instruments import LAYERS, MEASURING
from tests.verify.planted.label_errors import LABEL_ERRORS
from tests.verify.planted.slips.every import SLIPS
from tests.verify.planted.slips.outcome import outcome_of
from tests.verify.planted.slips.slip import slip, slipped
from tests.verify.planted.slips.twenty import TWENTY
from tests.verify.planted.small_networks import SMALL_NETWORKS
from tests.verify.planted.sweeps import SWEEPS
from tests.verify.settled_parts import LISTS, of_error
from theory.numerics import estimate


@pytest.mark.settled(of=of_error, lists=LISTS)
@pytest.mark.parametrize("error", SLIPS, ids=[error.name for error in SLIPS])
def test_a_slip_fails_its_test(error):
    assert not outcome_of(error.detector).failed
    with error.plant():
        assert outcome_of(error.detector).failed


def test_every_error_has_a_name_of_its_own():
    errors = SLIPS + DRAWN + COMPARED + MEASURING + LAYERS + SWEEPS + SMALL_NETWORKS + LABEL_ERRORS
    names = [error.name for error in errors]
    assert [name for name, n in Counter(names).items() if n > 1] == []


def test_the_first_score_is_kept():
    """Counted when the twenty were planted for the first time; a test written since does not change it."""
    assert Counter(error.first for error in TWENTY) == {"caught": 11, "missed": 9}


def test_a_slip_is_where_the_function_is_and_goes_away():
    samples = estimate.np.array([1.0, 2.0, 3.0, 6.0])
    right = estimate.standard_error(samples)
    with slip("theory.numerics.estimate.standard_error", "ddof=1", "ddof=0").planting():
        assert estimate.mean_of(samples).se < right
    assert estimate.mean_of(samples).se == right


def test_a_slip_that_is_not_there_is_told():
    with pytest.raises(ValueError, match="must have 'ddof=7' once, and has it 0 times"):
        slipped(estimate.standard_error, "ddof=7", "ddof=0")


@pytest.mark.slow
def test_a_detector_that_is_not_there_is_told():
    with pytest.raises(ValueError, match="was not run"):
        outcome_of("tests/theory/numerics/test_estimate.py::test_nothing")
