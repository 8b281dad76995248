"""Tests of the table that ends a run of the planted errors."""

import subprocess
import sys

import pytest

from tests.verify.planted.conftest import text_of

SLIP = "tests/verify/planted/slips/test_slips.py::test_a_slip_fails_its_test[own-sign]"


def test_the_table_has_a_line_for_each_error_and_counts_those_caught():
    rows = [(("one", "theory.place", "C-01", ""), True), (("other", "verify.place", "test.py::test_x[0]", "missed"), False)]
    lines = text_of(rows).splitlines()
    assert [line.split() for line in lines[1:3]] == [
        ["one", "theory.place", "C-01", "caught"],
        ["other", "verify.place", "test.py::test_x[0]", "missed", "MISSED"],
    ]
    assert lines[-1] == "1 of 2 errors caught; first score of the twenty slips: 11 of 20"


@pytest.mark.slow
def test_workers_send_the_table_what_they_ran(pytestconfig):
    """A run in processes of its own."""
    command = [sys.executable, "-m", "pytest", "-q", SLIP, "-n", "1", "--every"]
    done = subprocess.run(command, cwd=pytestconfig.rootpath, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("own-sign")]
    assert line.split()[-2:] == ["missed", "caught"]
    assert "1 of 1 errors caught; first score of the twenty slips: 11 of 20" in done.stdout
