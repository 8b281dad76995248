"""The board as it comes, from reports as pytest makes them."""

from types import SimpleNamespace

import pytest

from tests.verify.report.pages import entry
from verify.checking.check import PROPERTY
from verify.checking.running_board import RunningBoard
from verify.judging.verdicts import Status
from verify.registry import load_claims

CLAIMS = load_claims()


def report(*entries, when="call"):
    return SimpleNamespace(when=when, user_properties=[(PROPERTY, one.line()) for one in entries])


@pytest.fixture
def running(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    board = RunningBoard(CLAIMS, "no")
    board.expect(["verify/claim_s07.py::S-07[a]", "verify/claim_s07.py::S-07[b]", "verify/claim_s09.py::S-09[a]"])
    return board


def test_a_claim_has_its_line_when_its_last_row_is_judged(running, capsys):
    running.pytest_runtest_logreport(report(entry(world="a")))
    assert capsys.readouterr().out == ""
    running.pytest_runtest_logreport(report(entry(world="b", status=Status.REFUTED)))
    (line,) = capsys.readouterr().out.splitlines()
    assert line.split()[:4] == ["S-07", "1", "1", "0"]
    assert line.rstrip().endswith("against: b")


def test_phases_that_judge_nothing_print_nothing(running, capsys):
    for when in ("setup", "teardown"):
        running.pytest_runtest_logreport(report(entry("S-09", "a"), when=when))
    running.pytest_runtest_logreport(report())
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("found", "shown"), [(report(entry("S-09", "a")), ""), (report(), ".")])
def test_a_row_has_no_letter(running, found, shown):
    assert letter(running, found) == shown


def test_among_other_tests_rows_have_their_letters(running, capsys):
    running.expect(["verify/claim_s07.py::S-07[a]", "tests/test_own.py::test_it"])
    assert letter(running, report(entry(world="a"))) == "."
    running.expect(["tests/test_own.py::test_it[S-07]", "verify/claim_s07.py::S-07[a]"])
    running.pytest_runtest_logreport(report(entry("S-09", "a")))
    assert capsys.readouterr().out == ""


def letter(running, found):
    """What pytest prints for the report."""
    status = running.pytest_report_teststatus(found)
    next(status)
    with pytest.raises(StopIteration) as ended:
        status.send(("passed", ".", "PASSED"))
    return ended.value.value[1]
