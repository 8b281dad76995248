"""What became of a test that was run within another test, in this process, where an error is planted."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]


class Outcome:
    """A pytest plugin that collects whether tests passed or failed in their own code, not in their fixtures."""

    def __init__(self):
        self.passed = self.failed = 0

    def pytest_runtest_logreport(self, report):
        """Count one report."""
        if report.when == "call":
            self.passed += report.passed
            self.failed += report.failed


def outcome_of(test: str) -> Outcome:
    """The outcome of a test that is named as on pytest's command line, run without a word.

    :raises ValueError: there is no such test, or its fixtures failed.
    """
    outcome = Outcome()
    quiet = ["-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore", "--every"]
    code = pytest.main([f"{ROOT / test}", *quiet], plugins=[outcome])
    if not outcome.passed + outcome.failed:
        raise ValueError(f"{test} was not run: pytest ended with {code!r}; correct its name in the planted error")
    return outcome
