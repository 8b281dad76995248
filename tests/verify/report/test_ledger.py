"""Lines of a ledger: what is written is read again, and other schemas are refused."""

import json
import re
import subprocess

import pytest

from empirical import installation
from tests.verify.report.pages import entry, measured
from verify.judging.verdicts import Status
from verify.report import ledger
from verify.report.ledger import Entry


def test_an_entry_is_read_as_it_was_written():
    parts = [measured(0.5, about="one", values=(0.4, 0.6), effect=0.1, rule="direction"), measured(0.6, about="other")]
    one = entry(verdict=parts, again=measured(), counterfeit=measured(-0.2, Status.REFUTED), judge="0.1.0 abc")
    assert Entry.from_line(one.line()) == one


def test_a_line_of_another_schema_is_refused():
    record = json.loads(entry().line())
    with pytest.raises(ValueError, match="its lines have schema 1, and this version reads schema 2"):
        Entry.from_line(json.dumps({name: value for name, value in record.items() if name != "schema"}))


def test_the_judge_is_the_version_and_the_commit(monkeypatch):
    ledger.judge.cache_clear()
    assert len(ledger.judge().split()) == 2
    ledger.judge.cache_clear()
    nothing = subprocess.CompletedProcess((), 1, "", "")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: nothing)
    assert ledger.judge().endswith(" unknown")
    ledger.judge.cache_clear()
    monkeypatch.setattr(installation, "has_commit", lambda: False)
    assert re.fullmatch(r"\S+ \(copy\) [0-9a-f]{12}", ledger.judge())
    ledger.judge.cache_clear()


def test_the_time_of_a_ledger_stands_beside_it(tmp_path):
    ledger.write(tmp_path / "mine.jsonl", [entry()])
    assert ledger.written_on(tmp_path / "mine.jsonl").endswith("Z")
    assert ledger.written_on(tmp_path / "other.jsonl") == ""
