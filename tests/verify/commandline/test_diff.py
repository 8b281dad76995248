"""Tests of `python -m verify diff`: what it prints, and its exit status."""

import subprocess
import sys
from dataclasses import replace

import pytest

from tests.verify.conftest import ROOT
from tests.verify.report.pages import entry, measured
from verify.__main__ import main
from verify.judging.verdicts import Status
from verify.report import ledger

NETWORKS = replace(measured(0.3), se=0.02)


@pytest.fixture
def diff(tmp_path, monkeypatch, capsys):
    """Compare two ledgers that hold the given entries; exit status, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")

    def run(old, new, *options):
        for name, entries in (("old.jsonl", old), ("new.jsonl", new)):
            if entries is not None:
                ledger.write(tmp_path / name, entries)
        status = main(["diff", "old.jsonl", "new.jsonl", *options])
        return status, *capsys.readouterr()

    return run


def test_a_changed_number_is_shown_and_fails_nothing(diff):
    status, out, err = diff([entry(verdict=NETWORKS)], [entry(verdict=replace(NETWORKS, value=0.36)), entry("S-08")])
    assert (status, err) == (0, "")
    assert "no verdict changed, of 1 that both ledgers have" in out
    assert "verdicts that are new: 1" in out
    assert "S-07 digits 0.3 +- 0.02, n = 10 0.36 +- 0.02, n = 10 +0.06 +2.1" in " ".join(out.split())


@pytest.mark.parametrize("new", [[entry(status=Status.REFUTED)], [entry("S-08")]], ids=["changed", "gone"])
def test_a_verdict_that_changed_or_is_gone_fails(diff, new):
    assert diff([entry()], new)[0] == 1


def test_a_page_has_tables(diff):
    status, out, _ = diff([entry(verdict=NETWORKS)], [entry(status=Status.REFUTED)], "--markdown")
    assert status == 1
    assert out.startswith("### verdicts that changed: 1, of 1 that both ledgers have\n\n| claim | world | before |")
    assert "| S-07 | digits | SUPPORTED | REFUTED | +0.300 accuracy [0.200, 0.400] | +0.500 accuracy [0.400, 0.600] |" in out


def test_a_ledger_that_is_not_there_is_one_line(diff):
    status, out, err = diff([entry()], None)
    assert (status, out) == (2, "")
    assert err == "geomem: there is no ledger new.jsonl; write it: pytest verify/ --ledger new.jsonl\n"


def test_a_ledger_of_another_version_is_one_line(diff, tmp_path):
    (tmp_path / "new.jsonl").write_text('{"id": "S-07", "world": "digits", "verdict": "SUPPORTED"}\n')
    status, out, err = diff([entry()], None)
    assert (status, out) == (2, "")
    assert err.startswith("geomem: new.jsonl is not a ledger of this version (")
    assert err.count("\n") == 1


@pytest.mark.slow
def test_the_status_is_that_of_the_process(tmp_path):
    ledger.write(tmp_path / "old.jsonl", [entry()])
    ledger.write(tmp_path / "new.jsonl", [entry(status=Status.REFUTED)])
    command = [sys.executable, "-m", "verify", "diff", str(tmp_path / "old.jsonl"), str(tmp_path / "new.jsonl")]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 1
