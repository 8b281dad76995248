"""The board as it comes: the line of each claim as soon as it is judged in all of its worlds."""

import sys
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path

import pytest

from verify.checking.check import PROPERTY
from verify.claim_modules import PATTERN
from verify.registry import Claim
from verify.report import board
from verify.report.console import console
from verify.report.ledger import Entry


class RunningBoard:
    """A plugin that prints lines in place of pytest's letters.

    :param claims: all claims by id. :param color: as :func:`verify.report.console.console` takes it.
    """

    def __init__(self, claims: Mapping[str, Claim], color: str) -> None:
        self.claims, self.color = claims, color
        self.waiting: Counter[str] = Counter()
        self.entries: dict[str, list[Entry]] = {}

    def expect(self, ids: Iterable[str], reporter: "pytest.TerminalReporter | None" = None) -> None:
        """Take note of the rows of the run; among tests of a repository's own nothing is printed, as pytest has its letters.

        :param ids: pytest's node ids, as ``claim_s02.py::S-02[digits]``.
        :param reporter: leaves out the names of files, between which it would put its letters, where all are claims.
        """
        places = [id.partition("::") for id in ids]
        alone = all(fnmatch(Path(file).name, PATTERN) for file, _, _ in places)
        self.waiting = Counter(name.partition("[")[0] for _, _, name in places if alone)
        if reporter and alone:
            reporter.showfspath = False

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> Generator[None, tuple, tuple]:
        """No letter for a row."""
        category, letter, word = yield
        return (category, "", "") if self.waiting and _entry(report) else (category, letter, word)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Print the claim's line where this was the last of its rows."""
        if entry := _entry(report):
            found = self.entries.setdefault(entry.id, [])
            found.append(entry)
            if len(found) == self.waiting[entry.id]:
                board.render_lines(found, self.claims, console(sys.stdout, self.color))


def _entry(report: pytest.TestReport) -> Entry | None:
    """The entry of a row that was judged just now."""
    lines = [str(line) for name, line in report.user_properties if name == PROPERTY] if report.when == "call" else []
    return Entry.from_line(lines[0]) if lines else None
