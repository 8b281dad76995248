"""Tests of `pytest verify/ --require`: the exit status, what the board says, and that nothing is trained for a misspelt one."""

import pytest

from empirical.evidence.bundle import write_bundle
from tests.verify.settled_parts import judged_by_checker
from tests.verify.synthetic import paper

pytestmark = pytest.mark.settled(reads=judged_by_checker("S-02", "S-03"))


@pytest.fixture
def require(check, tmp_path):
    """Judge S-02 in a recorded synthetic world with requirements; exit status, what was judged, and all that was said."""
    write_bundle(tmp_path / "evidence" / "synthetic", paper.manifest(), paper.rows())

    def run(*wanted, options=()):
        where = ["--evidence", tmp_path / "evidence", "--world", "synthetic", "--claim", "S-02"]
        done, entries = check(*where, *(word for one in wanted for word in ("--require", one)), *options)
        return done.returncode, set(entries), " ".join((done.stdout + done.stderr).split())

    return run


@pytest.mark.parametrize("spread", [[], ["-n", "2"]], ids=["alone", "spread"])
def test_a_run_fails_unless_it_finds_what_is_required(require, spread, tmp_path):
    status, judged, said = require("S-02@synthetic=SUPPORTED", options=spread)
    assert (status, judged) == (0, {"S-02"})
    assert "required S-02@synthetic=SUPPORTED: found SUPPORTED (" in said
    status, judged, said = require("S-02@synthetic=REFUTED", "S-03@synthetic=SUPPORTED", options=spread)
    assert (status, judged) == (1, {"S-02"})
    assert "1 passed" in said
    assert "required S-02@synthetic=REFUTED: found SUPPORTED (" in said
    assert "required S-03@synthetic=SUPPORTED: not judged, because this run left it out; judge it: pytest verify/" in said
    assert f"--claim S-03 --world synthetic --evidence {tmp_path}/evidence" in said


def test_a_run_that_selects_nothing_fails_with_what_was_required(require):
    status, judged, said = require("S-02@synthetic=SUPPORTED", options=["-k", "nothing"])
    assert (status, judged) == (1, set())
    assert "required S-02@synthetic=SUPPORTED: not judged" in said


def test_collecting_requires_nothing(require):
    status, _, said = require("S-02@synthetic=REFUTED", options=["--collect-only"])
    assert status == 0
    assert "required S-02" not in said


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("S-2@synthetic=SUPPORTED", "--require: there is no claim S-2; did you mean"),
        ("S-02@synthetik=SUPPORTED", "did you mean synthetic?"),
    ],
)
def test_what_no_run_can_find_is_a_usage_error(require, wanted, words):
    status, judged, said = require(wanted)
    assert (status, judged) == (4, set())
    assert words in said
