"""The history of verdicts: appended once for each commit, with what changed."""

from dataclasses import replace

import pytest

from tests.verify.report.pages import entry
from verify.__main__ import main
from verify.judging.verdicts import Status
from verify.report import ledger
from verify.site import history
from verify.site.history import HistoryError


def judged(commit, status=Status.SUPPORTED):
    return [entry("S-07", "here", status, judge=commit), entry("S-02", "here", judge=commit)]


def test_a_moment_has_only_what_is_new_or_has_changed(tmp_path):
    path = tmp_path / "history.jsonl"
    for commit, status in (("0.1.0 a", Status.SUPPORTED), ("0.1.0 b", Status.REFUTED)):
        history.append(path, history.continued(history.load(path), judged(commit, status), "2026-11-29"))
    first, second = history.load(path)
    assert len(first.verdicts) == 2
    assert [row[:3] for row in second.verdicts] == [("S-07", "here", "REFUTED")]
    strip = history.of_claim([first, second], "S-07")["here"]
    assert [status for _, status in strip] == ["SUPPORTED", "REFUTED"]
    assert [status for _, status in history.of_claim([first, second], "S-02")["here"]] == ["SUPPORTED", "SUPPORTED"]


@pytest.mark.parametrize("commit", ["0.1.0 a-dirty", "0.1.0 unknown", ""])
def test_verdicts_of_no_commit_are_refused(commit):
    with pytest.raises(HistoryError, match="commit the code and judge again"):
        history.continued([], judged(commit), "")


def test_verdicts_of_two_commits_are_refused():
    mixed = [replace(one, judge=f"0.1.0 {number}") for number, one in enumerate(judged(""))]
    with pytest.raises(HistoryError, match=r"0\.1\.0 0, 0\.1\.0 1"):
        history.continued([], mixed, "")


def test_a_commit_is_recorded_once_by_the_command(place, capsys):
    ledger.write(place / "ledger.jsonl", judged("0.1.0 a"))
    command = ["history", "--ledger", "ledger.jsonl", "--history", "history.jsonl"]
    assert main(command) == 0
    assert "2 of 2 verdicts are new or changed" in capsys.readouterr().out
    assert main(command) == 1
    assert "are in the history already" in capsys.readouterr().err


def test_a_file_that_is_no_history_is_named(place, capsys):
    (place / "history.jsonl").write_text("[1]\n")
    assert main(["history", "--ledger", "ledger.jsonl", "--history", "history.jsonl"]) == 1
    assert "history.jsonl is no history" in capsys.readouterr().err
