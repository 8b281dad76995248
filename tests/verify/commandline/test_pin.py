"""Tests of `python -m verify pin` and `python -m verify board`, which read the ledger of a run."""

from dataclasses import replace

import pytest

from tests.verify.report.pages import entry, measured
from verify.judging.verdicts import Status
from verify.report import ledger, pins

NETWORKS = replace(measured(0.3), se=0.02)


@pytest.fixture
def judged(place):
    """Write a ledger of verdicts in the synthetic world, by claim."""

    def write(*more, **verdicts):
        entries = [entry(id.replace("_", "-"), "synthetic", verdict=verdict) for id, verdict in verdicts.items()]
        ledger.write(place / ".geomem" / "ledger.jsonl", [*entries, *more])

    return write


@pytest.fixture
def pin(verify, place):
    """Run the command with a file of pins of its own; what it printed, and the pins there are now."""

    def run(*arguments):
        status, out, err = verify("pin", "--pins", "pins.jsonl", "--reason", "measured anew", *arguments)
        assert status == 0, err
        return out, pins.load(place / "pins.jsonl")

    return run


def test_pins_are_those_of_the_ledger(judged, pin, place):
    judged(entry("C-01", "theory"), S_01=NETWORKS, S_02=measured(status=Status.BROKEN))
    out, found = pin()
    assert out == (
        "2 verdicts pinned in pins.jsonl C-01 in theory: not pinned -> SUPPORTED S-01 in synthetic: not pinned -> SUPPORTED "
        "0 numbers changed"
    )
    assert set(found) == {("C-01", "theory"), ("S-01", "synthetic")}
    assert found["S-01", "synthetic"].reason == "measured anew"
    assert pins.moved(NETWORKS, "", found["S-01", "synthetic"]) == ""
    written = (place / "pins.jsonl").read_text()
    assert pin()[0].startswith("2 verdicts pinned in pins.jsonl 0 numbers changed")
    assert (place / "pins.jsonl").read_text() == written


def test_what_changed_is_told(judged, pin):
    judged(S_01=NETWORKS, S_02=NETWORKS)
    pin()
    judged(S_01=replace(NETWORKS, value=0.4, status=Status.REFUTED), S_02=replace(NETWORKS, value=0.35))
    assert "S-01 in synthetic: SUPPORTED -> REFUTED 2 numbers changed" in pin()[0]


def test_only_what_is_selected_is_pinned(judged, pin):
    judged(entry("C-01", "theory"), S_01=NETWORKS, S_02=NETWORKS)
    pin()
    judged(
        entry("C-01", "theory", Status.INCONCLUSIVE),
        S_01=replace(NETWORKS, status=Status.REFUTED),
        S_02=replace(NETWORKS, status=Status.REFUTED),
    )
    _, found = pin("--claim", "s-01")
    assert {id: one.status for (id, _), one in found.items()} == {"C-01": "SUPPORTED", "S-01": "REFUTED", "S-02": "SUPPORTED"}
    _, found = pin("--world", "theory")
    assert found["C-01", "theory"].status == "INCONCLUSIVE"
    assert found["S-02", "synthetic"].status == "SUPPORTED"


def test_pins_of_what_is_gone_are_dropped_when_nothing_is_selected(judged, pin, place):
    gone = pins.pinned(entry("S-01", "atlantis"), "r", "2026-11-01")
    pins.write(place / "pins.jsonl", [gone])
    judged(entry("S-02", "atlantis"), S_01=NETWORKS)
    assert ("S-01", "atlantis") in pin("--claim", "S-01")[1]
    out, found = pin()
    assert "S-01 in atlantis: no longer pinned" in out
    assert set(found) == {("S-01", "synthetic")}


def test_a_ledger_is_shown_again(judged, verify, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    judged(entry("T-99", "synthetic"), entry("C-01", "theory"), S_01=NETWORKS, S_02=replace(NETWORKS, status=Status.REFUTED))
    status, out, _ = verify("board")
    assert status == 0
    assert "S-01 1 0 0 +0.3 accuracy networks learn the unpermuted examples first" in out
    assert "no longer claims, and left out: T-99" in out
    assert "(S-05, S-02): holds in 0 of 1 world, against in 1 (synthetic), without S-05" in out
    assert "C-01" not in verify("board", "--world", "synthetic")[1]
    assert "S-01" not in verify("board", "--paper", "chung2018")[1]
    assert "S-01 synthetic SUPPORTED +0.300 accuracy [0.200, 0.400] 10 networks >= 0.2" in verify("board", "--long")[1]
    assert "there is no world digitz; known: theory, synthetic" in verify("board", "--world", "digitz")[2]
