"""Tests of `pytest verify/` as users run it: exit status, board, ledger, JUnit, selection, several processes."""

import os
from xml.etree import ElementTree

import pytest

from empirical.evidence.bundle import MANIFEST, TABLE, write_bundle
from tests.tables import edit_table
from tests.verify.settled_parts import judged_by_checker
from tests.verify.synthetic import paper
from verify.judging.verdicts import Status
from verify.worlds.world import World

# The tests without this mark are run whatever changed.
pytestmark = pytest.mark.slow
settled = pytest.mark.settled(reads=judged_by_checker("C-00", "C-01", "S-01", "S-02", "S-03"))
ACCURACY_CLAIMS = "S-01 or S-02 or S-03"


@pytest.fixture
def recorded(tmp_path):
    """Arguments that judge the accuracy claims on a recorded synthetic world, with a deviations file of its own."""

    def make(rows, deviations=""):
        write_bundle(tmp_path / "evidence" / "synthetic", paper.manifest(), rows)
        digest = World("synthetic", tmp_path / "evidence" / "synthetic").digest()
        (tmp_path / "deviations.toml").write_text(deviations.replace("EVIDENCE", digest))
        where = ["--evidence", tmp_path / "evidence", "--deviations", tmp_path / "deviations.toml"]
        return [*where, "--world", "synthetic", "-k", ACCURACY_CLAIMS]

    return make


def test_one_claim_by_its_id(check, tmp_path):
    # A cache of its own, in which no earlier run kept the verdict.
    done, entries = check("-k", "C-01", "--junitxml", tmp_path / "junit.xml", "-v", GEOMEM_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 0, done.stdout
    assert set(entries) == {"C-01"}
    assert "C-01[theory]" in done.stdout
    assert "SUPPORTED" in done.stdout
    properties = ElementTree.parse(tmp_path / "junit.xml").findall(".//property")
    assert [p.get("name") for p in properties] == ["geomem_entry"]


@settled
def test_counterfeits_of_claims_about_networks_are_judged_beside_them(check, recorded):
    made = recorded(paper.rows())
    _, entries = check(*made)
    counterfeit = entries["S-02"].counterfeit
    assert counterfeit.status in (Status.REFUTED, Status.INCONCLUSIVE)
    assert counterfeit.value is not None
    assert counterfeit.parts == ()
    assert check(*made, "--counterfeits", "none")[1]["S-02"].counterfeit is None
    assert check("--claim", "C-01")[1]["C-01"].counterfeit is None
    assert check("--claim", "C-01", "--counterfeits", "all")[1]["C-01"].counterfeit.status == Status.REFUTED


@settled
def test_the_ledger_is_the_same_however_the_run_is_spread(check, recorded, tmp_path):
    arguments = recorded(paper.rows())
    arguments[arguments.index("-k") + 1] += " or C-00 or C-01"
    arguments += ["--world", "theory"]
    ledgers = []
    for spread in ([], ["-n", "2"]):
        # Each has a cache of its own: a verdict that the first run kept would be the same however the second is spread.
        done, _ = check(*arguments, *spread, GEOMEM_CACHE=str(tmp_path / f"cache{len(spread)}"))
        assert done.returncode == 0, done.stdout
        ledgers.append((tmp_path / "ledger.jsonl").read_bytes())
    assert ledgers[0] == ledgers[1]
    assert ledgers[0].count(b"\n") == 5


@settled
def test_another_seed_gives_other_numbers_and_the_same_verdict(check):
    first, second = (check("-k", "C-00", *seed)[1]["C-00"].verdict for seed in ([], ["--seed", "1"]))
    assert first.status == second.status == "SUPPORTED"
    assert first.parts != second.parts


def test_recorded_evidence_is_judged(check, recorded):
    done, entries = check(*recorded(paper.rows()))
    assert done.returncode == 0, done.stdout
    assert {entry.verdict.status for entry in entries.values()} == {"SUPPORTED"}


def edit_restored(text):
    lines = text.splitlines()
    edited = next(i for i, line in enumerate(lines) if ",restored," in line)
    lines[edited] = lines[edited].replace(",300", ",301")
    return "\n".join(lines) + "\n"


@settled
def test_an_edited_row_breaks_exactly_the_claims_that_read_it(check, recorded, tmp_path):
    arguments = recorded(paper.rows())
    edit_table(tmp_path / "evidence" / "synthetic" / TABLE, edit_restored)
    done, entries = check(*arguments)
    assert done.returncode == 1
    assert {name: entry.verdict.status for name, entry in entries.items()} == {
        "S-01": "SUPPORTED",
        "S-02": "SUPPORTED",
        "S-03": "BROKEN",
    }
    assert "BROKEN S-03 in synthetic: rows of accuracy / restored are missing or edited" in " ".join(done.stdout.split())


REFUTED_S02 = """
[[deviation]]
id = "S-02"
world = "synthetic"
accept = ["REFUTED"]
reason = "nothing is forgotten here"
since = "2026-11-21"
evidence = "EVIDENCE"
"""


def test_a_refuted_claim_fails_until_it_is_registered(check, recorded, tmp_path):
    rows = paper.flat_rows(spread=0.005)
    done, entries = check(*recorded(rows), "-k", "S-02")
    assert done.returncode == 1
    assert entries["S-02"].verdict.status == "REFUTED"
    for words in (
        "REFUTED: S-02: with permuted labels, test accuracy peaks",
        "predicted a mean above 0, effect 0.02 accuracy",
        "measured  ",
        "rule      interval at",
        "where     synthetic",
        f"replay    pytest 'verify/claims/stephenson2021/claim_s02.py::S-02[synthetic]' --evidence {tmp_path}",
    ):
        assert words in done.stdout
    assert "Traceback" not in done.stdout
    done, entries = check(*recorded(rows, REFUTED_S02), "-k", "S-02")
    assert done.returncode == 0
    assert entries["S-02"].accepted
    assert "1 xfailed" in done.stdout


@settled
def test_a_refutation_is_registered_for_its_evidence_alone(check, recorded):
    done, entries = check(*recorded(paper.flat_rows(spread=0.005), REFUTED_S02.replace("EVIDENCE", "other")), "-k", "S-02")
    assert done.returncode == 1
    assert not entries["S-02"].accepted


@settled
def test_evidence_without_its_manifest_is_untested_not_absent(check, recorded, tmp_path):
    arguments = recorded(paper.rows())
    (tmp_path / "evidence" / "synthetic" / MANIFEST).unlink()
    done, entries = check(*arguments)
    assert done.returncode == 1
    assert {entry.verdict.status for entry in entries.values()} == {"UNTESTED"}


@settled
def test_verdicts_that_cannot_be_kept_are_no_success(check):
    done, _ = check("-k", "C-01", "--ledger", "/dev/null/ledger.jsonl")
    assert done.returncode != 0
    assert "no ledger: cannot write" in " ".join(done.stdout.split())


@settled
def test_a_registered_refutation_that_turns_supported_fails_too(check, recorded):
    done, entries = check(*recorded(paper.rows(), REFUTED_S02), "-k", "S-02")
    assert done.returncode == 1
    assert not entries["S-02"].accepted


# Worlds that need no evidence: others have some, whatever is installed.
LIVE = ("--world", "theory", "--world", "digits-live", "--world", "digits-mlp-live")
BLOCK_TORCH = """
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "torch" else find(name, *rest)
"""


@settled
def test_without_torch_theory_is_judged_and_networks_are_untested(check, tmp_path):
    (tmp_path / "no_torch.py").write_text(BLOCK_TORCH)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    empty = str(tmp_path / "empty")
    done, entries = check("-k", "C-01 or S-02", *LIVE, "-p", "no_torch", PYTHONPATH=path, GEOMEM_CACHE=empty)
    assert {name: entry.verdict.status for name, entry in entries.items()} == {"C-01": "SUPPORTED", "S-02": "UNTESTED"}
    assert "torch not installed: python -m pip install -e '.[networks]' -c constraints.txt" in " ".join(done.stdout.split())
    assert done.returncode == 1


@settled
def test_an_unwritable_cache_leaves_theory_judged_and_says_why(check):
    done, entries = check("-k", "C-01 or S-02", *LIVE, GEOMEM_CACHE="/dev/null/cache")
    assert entries["S-02"].verdict.status == "UNTESTED"
    assert entries["C-01"].verdict.status == "SUPPORTED"
    assert "set GEOMEM_CACHE" in done.stdout + done.stderr


@settled
def test_wrong_options_are_usage_errors(check, tmp_path):
    done, _ = check("--evidence", tmp_path / "typo")
    assert done.returncode == 4
    done, _ = check("--world", "digit")
    assert done.returncode == 4
    assert "there is no world digit; did you mean digits" in done.stderr
    done, _ = check("--world", "zzz")
    assert "there is no world zzz; known: theory, digits-live" in done.stderr
    (tmp_path / "mine.toml").write_text(REFUTED_S02.replace("synthetic", "digitz"))
    done, _ = check("--deviations", tmp_path / "mine.toml")
    assert done.returncode == 4
    assert "did you mean S-02/digits?" in done.stderr
