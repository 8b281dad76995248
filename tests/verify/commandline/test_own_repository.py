"""What a repository of others has that the plugin must not trip over, and what it is told; run in this process."""

import importlib.util

import pytest

# What pytest imports in a run it would forget after the run, and import anew in the next.
import geomem.judge
import geomem.pytest  # noqa: F401
from empirical.evidence.bundle import write_bundle
from tests.verify.synthetic import paper
from tests.verify.test_claim_modules import CLAIM
from verify.registry import CLAIMS
from verify.report.ledger import LEDGER, read

pytest_plugins = ["pytester"]
TABLE = '[tool.geomem]\nclaims = ["claims"]\nevidence = "evidence"\n'


@pytest.fixture
def repository(pytester, monkeypatch, registry, kept_registry):
    """A repository with a claim, a test with a marker that no list has, and a file that is named as claims are and has none."""
    monkeypatch.setenv("GEOMEM_CACHE", str(pytester.path / "cache"))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    for name in ("claims", "src"):
        pytester.mkdir(name)
    alone = CLAIM.format(id="OWN-01").replace("from helper import EFFECT", "EFFECT = 0.1")
    (pytester.path / "claims" / "claim_own.py").write_text(alone)
    (pytester.path / "src" / "claim_processing.py").write_text("raise SystemExit('imported')\n")
    (pytester.path / "src" / "test_own.py").write_text(
        "import pytest\n\n@pytest.mark.large\ndef test_large():\n    assert False\n\ndef test_small():\n    pass\n"
    )
    write_bundle(pytester.path / "evidence" / "ours", paper.manifest(), paper.rows())
    return pytester.path


@pytest.fixture
def run(pytester, repository):
    """Run pytest with a plugin there: the exit status, what it said in one line, and the verdicts by claim and world."""

    def run(*words, plugin=("-p", "geomem.pytest")):
        (repository / LEDGER).unlink(missing_ok=True)
        # As where the package is installed, whose claims lie below no configuration of pytest.
        own = ("--rootdir", str(repository), "-p", "no:cacheprovider", "-p", "no:xdist")
        done = pytester.runpytest_inprocess(*own, *plugin, *map(str, words))
        entries = read(repository / LEDGER) if (repository / LEDGER).exists() else []
        said = " ".join((done.stdout.str() + done.stderr.str()).split())
        return done.ret, said, {(entry.id, entry.world): str(entry.verdict.status) for entry in entries}

    return run


@pytest.mark.slow
def test_claims_that_nothing_names_fail_with_what_is_missing(run, repository):
    status, said, found = run("-m", "not large")
    assert (status, found) == (2, {})
    assert "claims/claim_own.py has claims, which are not judged, because nothing names its folder" in said
    assert f'write claims = ["claims"] under [tool.geomem] of {repository}/pyproject.toml' in said


@pytest.mark.slow
def test_beside_claims_of_the_package_they_are_told_too(run):
    status, said, found = run(CLAIMS / "chung2018" / "claim_c01.py", plugin=("-p", "geomem.judge"))
    assert (status, found) == (0, {("C-01", "theory"): "SUPPORTED"})
    assert "claims/claim_own.py has claims, which are not judged" in said
    assert "claim_processing" not in said


@pytest.mark.parametrize("table", ["", TABLE], ids=["without", "with"])
def test_a_file_named_as_claims_are_is_never_imported(run, repository, table):
    (repository / "pyproject.toml").write_text(table)
    status, said, found = run("src", "-m", "not large")
    assert (status, found) == (0, {}), said
    assert "1 passed" in said


def test_a_repository_may_have_markers_that_no_list_names(run, repository):
    (repository / "pyproject.toml").write_text(TABLE)
    status, said, found = run("-m", "not large and not very-slow")
    assert (status, found) == (0, {("OWN-01", "ours"): "SUPPORTED"}), said
    status, said, _ = run("-m", "not large", plugin=("-p", "geomem.judge"))
    assert status == 4
    assert "there is no marker large; Claims have theory, network, extra" in said


@pytest.mark.parametrize("way", ["conftest", "entry point"])
def test_a_repository_may_load_the_plugin_as_it_loads_others(run, pytester, repository, way):
    (repository / "pyproject.toml").write_text(TABLE)
    if way == "conftest":
        (repository / "conftest.py").write_text('pytest_plugins = ["geomem.pytest"]\n')
    else:
        about = pytester.mkdir("theirs-1.0.dist-info")
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text("[pytest11]\ntheirs = geomem.pytest\n")
        pytester.syspathinsert(repository)
    status, said, found = run("claims", "--geomem-claim", "OWN-01", plugin=())
    assert (status, found) == (0, {("OWN-01", "ours"): "SUPPORTED"}), said
    # The hooks of the package's own conftest are these.
    status, said, found = run(CLAIMS / "stephenson2021" / "claim_s02.py", "--geomem-evidence", "evidence", plugin=())
    assert (status, found) == (0, {("S-02", "ours"): "SUPPORTED"}), said


@pytest.mark.slow
def test_without_torch_a_run_that_selects_nothing_judges_what_it_can(run, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "torch" else find(name, *rest))
    files = [CLAIMS / "chung2018" / "claim_c01.py", CLAIMS / "wang2025" / "claim_w01.py"]
    status, said, found = run(*files, plugin=("-p", "geomem.judge"))
    assert (status, found) == (0, {("C-01", "theory"): "SUPPORTED"}), said
    assert "claims left out, which need torch; python -m pip install" in said
    status, said, found = run(*files, "--world", "theory", plugin=("-p", "geomem.judge"))
    assert (status, found["W-01", "theory"]) == (1, "UNTESTED")
    assert "left out" not in said
