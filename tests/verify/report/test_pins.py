"""Tests that a verdict that differs from its pin is noticed, and how far a number may move."""

from dataclasses import replace

import pytest
from scipy import stats

from verify.judging.verdicts import Level, Status, Verdict
from verify.report import pins
from verify.report.ledger import Entry

PARTS = tuple(Verdict(Status.SUPPORTED, "", value, se=0.1, n=10, about=name) for name, value in (("gain", 1.0), ("rise", 2.0)))
WHOLE = Verdict(Status.SUPPORTED, "", 1.0, se=0.1, n=10, parts=PARTS, levels=(Level("capacity of test", 0.5, 0.01, 10),))


def pinned(verdict, evidence=""):
    return pins.pinned(Entry("T-01", "there", verdict, True, "", "", None, evidence), "why", "2026-11-28")


def with_part(value):
    return replace(WHOLE, parts=(replace(PARTS[0], value=value), PARTS[1]))


@pytest.mark.parametrize("evidence", ["", "abc"])
def test_what_did_not_change_is_not_noticed(evidence):
    assert pins.moved(WHOLE, evidence, pinned(WHOLE, evidence)) == ""


def test_other_evidence_is_said_with_both_digests():
    assert pins.moved(WHOLE, "def", pinned(WHOLE, "abc")) == "registered for other evidence: digest abc, now def"


@pytest.mark.parametrize("evidence", ["", "abc"])
@pytest.mark.parametrize("statuses", [(Status.SUPPORTED, Status.NOT_ASKED), (Status.NOT_ASKED, Status.REFUTED)])
def test_what_was_asked_and_is_not_is_noticed(statuses, evidence):
    """A world whose networks no longer fit their labels cannot turn its claims off."""
    then, now = (replace(WHOLE, status=status) for status in statuses)
    assert f"was {then.status} when it was registered" in pins.moved(now, evidence, pinned(then, evidence))


def test_a_live_status_may_change_within_its_accepted_set_and_a_recorded_one_may_not():
    now = replace(WHOLE, status=Status.INCONCLUSIVE)
    assert pins.moved(now, "", pinned(WHOLE)) == ""
    assert "was SUPPORTED" in pins.moved(now, "abc", pinned(WHOLE, "abc"))


def test_a_live_number_may_move_as_far_as_that_of_other_networks():
    reach = stats.t.isf(pins.ALARM / 2, 18) * 0.1 * 2**0.5
    assert pins.moved(with_part(1.0 + 0.99 * reach), "", pinned(WHOLE)) == ""
    words = pins.moved(with_part(1.0 + 1.01 * reach), "", pinned(WHOLE))
    assert words.startswith("gain: ")
    assert words.endswith("registered 1 +- 0.1")


def test_a_recorded_number_may_move_by_rounding_alone():
    assert pins.moved(with_part(1.0 + 5e-7), "abc", pinned(WHOLE, "abc")) == ""
    assert "gain: 1 +- 0.1" in pins.moved(with_part(1.0 + 2e-6), "abc", pinned(WHOLE, "abc"))


def test_levels_are_pinned_in_live_worlds():
    now = replace(WHOLE, levels=(Level("capacity of test", 0.7, 0.01, 10),))
    assert "capacity of test: 0.7" in pins.moved(now, "", pinned(WHOLE))
    assert pins.moved(now, "abc", pinned(WHOLE, "abc")) == ""


def test_other_parts_are_noticed():
    assert "its parts are not those" in pins.moved(replace(WHOLE, parts=PARTS[:1]), "", pinned(WHOLE))


def test_pins_survive_their_file(tmp_path):
    pins.write(tmp_path / "pins.jsonl", [pinned(WHOLE)])
    assert pins.load(tmp_path / "pins.jsonl") == {("T-01", "there"): pinned(WHOLE)}
    (tmp_path / "pins.jsonl").write_text("{}\n")
    with pytest.raises(pins.PinError, match="line 1 is no pin"):
        pins.load(tmp_path / "pins.jsonl")
    assert pins.load(tmp_path / "nothing") == {}


@pytest.mark.parametrize("evidence", ["", "abc"])
def test_a_number_that_is_no_number_is_far_from_every_number(evidence):
    nothing = with_part(float("nan"))
    assert "gain: nan" in pins.moved(nothing, evidence, pinned(WHOLE, evidence))
    assert "registered nan" in pins.moved(WHOLE, evidence, pinned(nothing, evidence))
    assert pins.moved(nothing, evidence, pinned(nothing, evidence)) == ""


def test_parts_that_networks_decide_on_may_come_and_go_with_the_networks_and_may_not_move():
    then = replace(WHOLE, chosen=True)
    fewer = replace(then, parts=PARTS[:1])
    moved = replace(then, parts=(replace(PARTS[0], value=9.0),))
    assert pins.moved(fewer, "", pinned(then)) == ""
    assert pins.moved(then, "", pinned(fewer)) == ""
    assert pins.moved(moved, "", pinned(then)).startswith("gain: 9")
    for now, before, evidence in ((fewer, then, "abc"), (replace(fewer, chosen=False), WHOLE, "")):
        assert pins.moved(now, evidence, pinned(before, evidence)) == "its parts are not those that were registered"
