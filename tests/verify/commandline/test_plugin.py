"""The plugin in a repository of its own, run from the checkout: what it collects, judges, accepts and leaves alone."""

import os
import subprocess
import sys

import pytest

from empirical.evidence.bundle import write_bundle
from tests.verify.conftest import ROOT
from tests.verify.settled_parts import judged_by_checker
from tests.verify.synthetic import paper
from tests.verify.test_claim_modules import CLAIM
from verify.report.ledger import LEDGER, read

pytestmark = pytest.mark.settled(reads=judged_by_checker("C-01", "S-02"))
REFUTED = """
[[deviation]]
id = "OWN-01"
world = "ours"
accept = ["REFUTED"]
reason = "so it is"
since = "2026-11-30"
evidence = "{digest}"
"""


@pytest.fixture
def repository(tmp_path):
    """A repository with a claim of its own, a test of its own, and synthetic evidence."""
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "claim_own.py").write_text(CLAIM.format(id="OWN-01"))
    (tmp_path / "helper.py").write_text("EFFECT = 0.1\n")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "claim_processing.py").write_text("raise ImportError('no claim')")
    (tmp_path / "src" / "test_own.py").write_text("def test_it():\n    pass\n")
    write_bundle(tmp_path / "evidence" / "ours", paper.manifest(), paper.rows())
    (tmp_path / "pyproject.toml").write_text(
        '[tool.geomem]\nclaims = ["claims"]\nevidence = "evidence"\ndeviations = "mine.toml"\n'
    )
    return tmp_path


@pytest.fixture
def run(repository):
    """Run pytest with the plugin there; the exit status, what it said, and the verdicts by claim and world."""

    def run(*arguments, plugin="geomem.pytest"):
        (repository / LEDGER).unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider", "-p", plugin, *arguments],
            cwd=repository,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), "GEOMEM_CACHE": str(repository / "cache")},
        )
        entries = read(repository / LEDGER) if (repository / LEDGER).exists() else []
        found = {(entry.id, entry.world): str(entry.verdict.status) for entry in entries}
        return done.returncode, done.stdout + done.stderr, found

    return run


@pytest.mark.parametrize("spread", [[], ["-n", "2"]], ids=["alone", "spread"])
def test_own_claims_are_judged_beside_own_tests(run, spread):
    status, said, found = run(*spread)
    assert (status, found) == (0, {("OWN-01", "ours"): "SUPPORTED"}), said
    assert "2 passed" in said


def test_tests_alone_say_nothing_of_claims(run):
    status, said, found = run("src")
    assert (status, found) == (0, {})
    assert "ledger" not in said
    assert "src/test_own.py ." in said


def test_own_registered_verdicts_are_read_with_those_of_the_package(run, repository):
    (repository / "helper.py").write_text("EFFECT = 0.1\n")
    (repository / "mine.toml").write_text(REFUTED.format(digest="another"))
    assert run()[0] == 0
    (repository / "mine.toml").write_text(REFUTED.format(digest="").replace("ours", "theirs"))
    status, said, _ = run()
    assert status == 4
    assert "OWN-01 in world theirs matches no registered claim" in said


def test_nothing_is_trained_unless_its_world_is_named(run):
    _, _, found = run("--pyargs", "verify", "--geomem-claim", "S-02")
    assert set(found) == {("S-02", "ours")}
    status, said, found = run(
        "--pyargs", "verify", "--collect-only", "-q", "--geomem-claim", "S-02", "--geomem-world", "digits-live"
    )
    assert status == 0
    assert "S-02[digits-live]" in said


def test_worlds_are_those_of_the_table(run, repository):
    with open(repository / "pyproject.toml", "a") as file:
        file.write('worlds = ["theory"]\n')
    _, _, found = run("--pyargs", "verify", "claims", "-k", "C-01 or S-02 or OWN-01")
    assert set(found) == {("C-01", "theory")}
    with open(repository / "pyproject.toml", "a") as file:
        file.write("claims_ = 1\n")
    assert "there is no key claims_" in run()[1]


def test_a_world_that_is_not_there_is_told_with_where_it_is_named(run, repository):
    assert "--geomem-world: there is no world ourz; did you mean ours?" in run("--geomem-world", "ourz")[1]
    assert "--world: there is no world ourz; did you mean ours?" in run("--world", "ourz", plugin="geomem.judge")[1]
    with open(repository / "pyproject.toml", "a") as file:
        file.write('worlds = ["ourz"]\n')
    assert "pyproject.toml, [tool.geomem] worlds: there is no world ourz" in run()[1]


def test_a_file_that_is_named_is_judged_though_no_table_names_its_folder(run, repository):
    (repository / "pyproject.toml").unlink()
    alone = CLAIM.format(id="OWN-01").replace("from helper import EFFECT", "EFFECT = 0.1")
    (repository / "claims" / "claim_own.py").write_text(alone)
    where = ("--geomem-evidence", "evidence")
    for named in ("claims/claim_own.py", "claims"):
        status, said, found = run(named, *where)
        assert (status, found) == (0, {("OWN-01", "ours"): "SUPPORTED"}), said


def test_a_failure_says_the_command_that_judges_it_again(run, repository):
    (repository / "helper.py").write_text("EFFECT = 1e9\n")
    status, said, _ = run("--geomem-seed", "3")
    assert status == 1
    assert "replay    geomem judge --claim OWN-01 --world ours --seed 3" in said


def test_all_claims_are_judged_by_short_names(run):
    status, said, found = run("--claim", "OWN-01", "--claim", "S-02", "--world", "ours", plugin="geomem.judge")
    assert (status, set(found)) == (0, {("OWN-01", "ours"), ("S-02", "ours")}), said
