"""Tests that claims which draw their examples detect errors planted in theories and in judges."""

import pytest

from tests.verify.planted.detecting import judged, named
from tests.verify.planted.drawn import DRAWN
from tests.verify.settled_parts import LISTS, of_error
from verify.judging.verdicts import Status
from verify.registry import load_claims
from verify.report import pins


@pytest.mark.settled(of=of_error, lists=LISTS)
@pytest.mark.parametrize("error", **named(DRAWN))
def test_a_wrong_theory_or_judge_turns_its_claim(error, request):
    claim = load_claims()[error.claim]
    runs = request.getfixturevalue("digits") if claim.needs else None
    with error.plant():
        verdict = judged(claim, runs)
    assert verdict.status in turned(claim), verdict


def turned(claim):
    """The verdicts by which an error shows: a claim that is INCONCLUSIVE without the error must be REFUTED with it."""
    pinned = pins.load(pins.PINS).get((claim.id, "digits" if claim.needs else "theory"))
    assert pinned is None or pinned.status != Status.REFUTED, (
        f"{claim.id} is REFUTED without an error, so that none shows in it"
    )
    undecided = pinned is not None and pinned.status == Status.INCONCLUSIVE
    return (Status.REFUTED,) if undecided else (Status.REFUTED, Status.INCONCLUSIVE)


@pytest.mark.parametrize(("claim_id", "allowed"), [("Q-09", 1), ("V-01", 2)])
def test_an_error_in_an_undecided_claim_must_refute_it(claim_id, allowed):
    assert len(turned(load_claims()[claim_id])) == allowed


def test_an_error_in_a_refuted_claim_would_show_nothing():
    with pytest.raises(AssertionError, match=r"V-03.proportional is REFUTED without an error"):
        turned(load_claims()["V-03.proportional"])
