"""Tests of `--require`: what can be required, and when it is met."""

from dataclasses import replace

import pytest

from tests.verify.report.pages import entry, measured
from verify.gate.requirements import Requirement, RequirementError, read, told
from verify.judging.verdicts import Status, Verdict
from verify.registry import load_claims
from verify.report.lookup import LookupFailed
from verify.worlds.world import all_worlds

CLAIMS, WORLDS = load_claims(), all_worlds()
SUPPORTED = Requirement("S-07", "digits", Status.SUPPORTED)


def test_a_requirement_is_a_claim_a_world_and_a_status():
    texts = ["s-07@digits=supported", "S-07@digits=SUPPORTED", "C-01@theory=not asked"]
    found = read(texts, CLAIMS, WORLDS)
    assert found == (SUPPORTED, Requirement("C-01", "theory", Status.NOT_ASKED))
    assert str(found[1]) == "C-01@theory=NOT_ASKED"
    assert read(map(str, found), CLAIMS, WORLDS) == found


@pytest.mark.parametrize(
    ("texts", "error", "words"),
    [
        (["S-07"], RequirementError, "S-07 is no requirement; write CLAIM@WORLD=STATUS, as in S-07@digits=SUPPORTED"),
        (["S-07@digits"], RequirementError, "is no requirement"),
        (["@digits=SUPPORTED"], RequirementError, "is no requirement"),
        (["S-7@digits=SUPPORTED"], LookupFailed, "there is no claim S-7; did you mean .*S-07"),
        (["S-17@digits=SUPPORTED"], LookupFailed, "S-17 means S-17.batch, .*; name one of them"),
        (["S-07@digit=SUPPORTED"], LookupFailed, "there is no world digit; did you mean digits"),
        (
            ["S-07@digits=SUPORTED"],
            RequirementError,
            "there is no status SUPORTED; known: SUPPORTED, .*; did you mean SUPPORTED?",
        ),
        (["S-07@theory=SUPPORTED"], RequirementError, "S-07 is never judged in theory; it is judged in digits-live, "),
        (["S-07@digits=SUPPORTED", "S-07@digits=REFUTED"], RequirementError, "contradict each other; require one of them"),
    ],
)
def test_what_no_run_can_find_is_an_error(texts, error, words):
    with pytest.raises(error, match=words):
        read(texts, CLAIMS, WORLDS)


def test_a_verdict_of_another_status_does_not_meet_it():
    other = [entry(status=Status.INCONCLUSIVE), entry(world="digits-mlp"), entry("S-08")]
    assert SUPPORTED.is_met([entry()])
    assert not SUPPORTED.is_met(other)
    assert not SUPPORTED.is_met([])
    assert told(SUPPORTED, other, WORLDS) == (
        "required S-07@digits=SUPPORTED: found INCONCLUSIVE (+0.500 accuracy [0.400, 0.600])"
    )


def test_a_fresh_draw_meets_it_too():
    """So that the rate of false alarms is that of the run."""
    again = entry(status=Status.INCONCLUSIVE, again=measured(0.7))
    assert SUPPORTED.is_met([again])
    assert told(SUPPORTED, [again], WORLDS).endswith(
        "found INCONCLUSIVE (+0.500 accuracy [0.400, 0.600]); on a fresh draw SUPPORTED (+0.700 accuracy [0.600, 0.800])"
    )


def test_what_was_not_judged_says_how_to_judge_it(tmp_path):
    assert told(SUPPORTED, [], WORLDS).endswith(
        "not judged, because this run left it out; judge it: pytest verify/ --claim S-07 --world digits"
    )
    assert told(SUPPORTED, [], WORLDS, tmp_path / "my evidence").endswith(f"--evidence '{tmp_path}/my evidence'")
    waiting = replace(SUPPORTED, world="cifar100-vgg16")
    assert "record it: python -m empirical bundle cifar100-vgg16 --into" in told(waiting, [], WORLDS)


def test_untested_says_why():
    untested = entry(verdict=Verdict(Status.UNTESTED, "torch not installed: install it"))
    assert told(SUPPORTED, [untested], WORLDS).endswith("found UNTESTED (torch not installed: install it)")
