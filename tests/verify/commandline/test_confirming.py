"""Tests that a live verdict that is not accepted is judged again, and fails only where that one is not accepted either."""

import pytest

from verify.checking.check import CHECK, Check
from verify.checking.claim_item import ClaimFailed, ClaimItem
from verify.judging.verdicts import Status, Verdict
from verify.registry import THEORY, load_claims

CLAIM = "C-03"
WRONG = """
[[deviation]]
id = "C-03"
world = "theory"
accept = ["REFUTED"]
reason = "a verdict that the claim does not have"
since = "2026-11-28"
"""


@pytest.mark.slow
def test_a_verdict_that_is_not_accepted_is_confirmed_on_a_fresh_draw(check, tmp_path):
    (tmp_path / "deviations.toml").write_text(WRONG)
    done, entries = check("--claim", CLAIM, "--deviations", tmp_path / "deviations.toml")
    assert done.returncode == 1
    first, again = entries[CLAIM].verdict, entries[CLAIM].again
    assert (first.status, again.status) == ("SUPPORTED", "SUPPORTED")
    assert first.where != again.where
    assert "confirmed on a fresh draw: SUPPORTED" in " ".join(done.stdout.split())


@pytest.fixture
def judged(request, monkeypatch):
    """Run the item of a claim whose verdicts, first and on a fresh draw, are given; the entry it hands on."""

    def run(*statuses):
        registry, found = load_claims(), iter(statuses)
        monkeypatch.setitem(request.config.stash, CHECK, Check({}, registry, {}))
        # The checker's markers are not those of the tests.
        monkeypatch.setattr(ClaimItem, "add_marker", lambda *_: None)
        made = {"claim": registry[CLAIM], "world": None, "nodeid": CLAIM}
        item = ClaimItem.from_parent(request.session, name=f"{CLAIM}[{THEORY}]", **made)
        monkeypatch.setattr(item, "_judge", lambda *_: Verdict(next(found), "given"))
        monkeypatch.setattr(item, "_seed", lambda: None)
        monkeypatch.setattr(item, "_command", lambda: "")
        # The tests have no option that asks for counterfeits.
        monkeypatch.setattr(item, "_wants_counterfeit", lambda _: False)
        item.runtest()
        return list(found)

    return run


def test_an_accepted_verdict_is_not_judged_again(judged):
    assert judged(Status.SUPPORTED, Status.REFUTED) == [Status.REFUTED]


def test_an_alarm_that_a_fresh_draw_does_not_confirm_is_none(judged):
    with pytest.raises(pytest.xfail.Exception, match="not confirmed on a fresh draw: SUPPORTED"):
        judged(Status.REFUTED, Status.SUPPORTED)


@pytest.mark.parametrize("again", [Status.REFUTED, Status.INCONCLUSIVE])
def test_an_alarm_that_is_confirmed_fails(judged, again):
    with pytest.raises(ClaimFailed, match="REFUTED"):
        judged(Status.REFUTED, again)


@pytest.mark.parametrize("status", [Status.BROKEN, Status.UNTESTED])
def test_what_was_not_judged_is_not_judged_again(judged, status):
    with pytest.raises(ClaimFailed, match=status):
        judged(status)
