"""Tests of the plugin on a small repository."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from empirical.runs import provenance
from tests.settled import dependencies, record

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parents[2]
# The rooms of the small repository are its own, and the plugin is ours.
CONFTEST = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from empirical.runs import provenance
provenance.ROOT = Path(__file__).parent
pytest_plugins = ["tests.settled.plugin"]
"""
ROOM = '''"""A room."""

def number():
    """A number."""  # whose words do not count
    return 1
'''
TEST = """
import pytest
from pathlib import Path
from room import number

@pytest.mark.settled(reads=["data.txt"])
def test_slow():
    assert number() == int(Path(__file__).with_name("data.txt").read_text())

def test_quick():
    pass
"""
SLOW = "test_it.py::test_slow"


@pytest.fixture
def repository(pytester, monkeypatch):
    """A repository of a room, a test that reads a file, and our constraints."""
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    monkeypatch.setattr(provenance, "ROOT", pytester.path)
    # A file that is edited twice in a second is compiled anew.
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    pytester.makeconftest(CONFTEST)
    pytester.makepyprojecttoml(
        '[tool.pytest.ini_options]\npythonpath = ["."]\naddopts = "-p no:cacheprovider -p no:hypothesispytest"'
    )
    for name, text in (("room.py", ROOM), ("test_it.py", TEST), ("data.txt", "1")):
        (pytester.path / name).write_text(text)
    shutil.copy(ROOT / "constraints.txt", pytester.path)
    (pytester.path / record.FILE).parent.mkdir(parents=True)
    return pytester.path


@pytest.fixture
def run(pytester, repository):
    """Run the repository's tests with options; the outcomes, and what is recorded afterwards."""

    def ran(*words, **expected):
        for kept in (provenance._files, provenance._source, dependencies._reached, dependencies._code, dependencies._bytes):
            kept.cache_clear()
        # What ends a worker has to end another process than this one.
        done = pytester.runpytest_subprocess(*words) if "-n" in words else pytester.runpytest_inprocess(*words)
        outcomes = done.parseoutcomes()
        assert outcomes == expected, done.stdout.str() + done.stderr.str()
        return record.read(repository / record.FILE), done.stdout.str()

    return ran


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.slow
def test_a_test_that_passed_is_run_again_when_its_parts_change(run, repository):
    kept, told = run(passed=2)
    assert not kept
    assert "settled tests that passed: 1, run again until --settle records them" in told
    kept, _ = run("--settle", passed=2)
    assert list(kept) == [SLOW]
    _, told = run("-rs", passed=1, skipped=1)
    assert "passed with these sources; --every runs it" in told
    run("--every", passed=2)
    change(repository / "room.py", "whose words do not count", "other words")
    run(passed=1, skipped=1)
    change(repository / "room.py", "return 1", "return 2 - 1")
    run(passed=2)
    again, _ = run("--settle", passed=2)
    assert again[SLOW] != kept[SLOW]
    run(passed=1, skipped=1)
    (repository / "data.txt").write_text("1\n")
    run(passed=2)


@pytest.mark.parametrize("name", ["constraints.txt", "test_it.py"])
def test_its_own_file_and_the_versions_are_parts_of_it(run, repository, name):
    run("--settle", passed=2)
    with (repository / name).open("a") as file:
        file.write("\nadded = 1\n" if name.endswith(".py") else "# another line\n")
    run(passed=2)


def test_words_count_where_the_mark_says_so(run, repository):
    change(repository / "test_it.py", 'reads=["data.txt"]', 'reads=["data.txt"], words=True')
    run("--settle", passed=2)
    run(passed=1, skipped=1)
    change(repository / "room.py", "whose words do not count", "whose words count")
    run(passed=2)


def test_a_test_that_fails_loses_its_line(run, repository):
    run("--settle", passed=2)
    (repository / "data.txt").write_text("2")
    kept, _ = run(passed=1, failed=1)
    assert list(kept) == [SLOW]
    kept, _ = run("--settle", passed=1, failed=1)
    assert not kept


@pytest.mark.slow
def test_a_test_that_is_no_more_loses_its_line_where_its_file_is_collected(run, repository):
    run("--settle", passed=2)
    (repository / "test_other.py").write_text("def test_other():\n    pass\n")
    change(repository / "test_it.py", "def test_slow", "def test_renamed")
    kept, _ = run("--settle", "test_other.py", passed=1)
    assert list(kept) == [SLOW]
    kept, _ = run("--settle", "test_it.py::test_quick", passed=1)
    assert list(kept) == [SLOW]
    kept, _ = run("--settle", "-k", "quick", passed=1, deselected=2)
    assert not kept


def test_a_file_that_is_no_more_takes_its_lines_along(run, repository):
    run("--settle", passed=2)
    (repository / "test_it.py").rename(repository / "test_moved.py")
    kept, _ = run("--settle", passed=2)
    assert list(kept) == ["test_moved.py::test_slow"]


ENDINGS = {
    "skipped": ("pytest.skip('not here')", {"passed": 1, "skipped": 1}),
    "xfailed": ("pytest.xfail('not yet')", {"passed": 1, "xfailed": 1}),
    "failed": ("assert False", {"passed": 1, "failed": 1}),
    "left": ("pytest.exit('enough')", {}),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_did_not_run_to_its_end_is_not_recorded(run, repository, ending):
    statement, outcomes = ENDINGS[ending]
    change(repository / "test_it.py", "    assert number()", f"    {statement}\n    assert number()")
    kept, _ = run("--settle", **outcomes)
    assert not kept


@pytest.mark.parametrize("ending", ["xpassed", "error"])
def test_what_is_excused_or_fails_afterwards_is_not_recorded(run, repository, ending):
    added = {
        "xpassed": "@pytest.mark.xfail\n@pytest.mark.settled",
        "error": "@pytest.fixture(autouse=True)\ndef ends():\n    yield\n    assert not 'afterwards'\n\n@pytest.mark.settled",
    }
    change(repository / "test_it.py", "@pytest.mark.settled", added[ending])
    expected = {"xpassed": {"passed": 1, "xpassed": 1}, "error": {"passed": 2, "errors": 2}}
    kept, _ = run("--settle", **expected[ending])
    assert not kept


def test_what_was_edited_during_the_run_is_not_recorded(run, repository):
    """What ran was the earlier file, and the digest would be of the later one."""
    editing = "Path(__file__).with_name('room.py').touch()"
    change(repository / "test_it.py", "    assert number()", f"    {editing}\n    assert number()")
    kept, _ = run("--settle", passed=2)
    assert not kept


MANY = """
import os
import pytest
from room import number

@pytest.mark.settled
@pytest.mark.parametrize("n", range(6))
def test_each(n):
    if n == 5 and number() == 5:
        os._exit(1)
    assert n != number()
"""


@pytest.mark.slow
def test_workers_report_to_the_controller(run, repository):
    (repository / "test_it.py").write_text(MANY)
    kept, _ = run("--settle", passed=5, failed=1)
    assert sorted(kept) == [f"test_it.py::test_each[{n}]" for n in (0, 2, 3, 4, 5)]
    change(repository / "test_it.py", "range(6)", "range(4)")
    kept, _ = run("--settle", "-n", "2", passed=3, failed=1)
    assert sorted(kept) == [f"test_it.py::test_each[{n}]" for n in (0, 2, 3)]
    run("-n", "2", failed=1, skipped=3)


@pytest.mark.slow
def test_a_test_that_takes_its_worker_along_loses_its_line(run, repository):
    (repository / "test_it.py").write_text(MANY)
    run("--settle", passed=5, failed=1)
    change(repository / "room.py", "return 1", "return 5")
    kept, _ = run("--settle", "-n", "2", passed=5, failed=1)
    assert sorted(kept) == [f"test_it.py::test_each[{n}]" for n in range(5)]


def test_a_parameter_has_parts_of_its_own(run, repository):
    """And what only lists the parameters has no say: a change in one part leaves the tests of the others settled."""
    for name in ("first", "second"):
        (repository / f"{name}.py").write_text("value = 1\n")
    (repository / "every.py").write_text("import first, second\nBOTH = {'first': first.value, 'second': second.value}\n")
    (repository / "test_it.py").write_text(
        "import pytest\nfrom pathlib import Path\nfrom every import BOTH\n"
        "def parts(name):\n    return [Path(f'{name}.py'), len(name)]\n"
        "@pytest.mark.settled(of=parts, lists=['every.py'])\n"
        "@pytest.mark.parametrize('name', BOTH)\n"
        "def test_part(name):\n    assert BOTH[name] > 0\n"
    )
    run("--settle", passed=2)
    change(repository / "second.py", "1", "2")
    run(passed=1, skipped=1)


def test_a_file_of_fixtures_counts_where_they_are_asked_for(run, repository):
    (repository / "conftest.py").write_text(CONFTEST + "import pytest\n@pytest.fixture\ndef asked():\n    return 1\n")
    change(repository / "test_it.py", "test_slow()", "test_slow(asked)")
    run("--settle", passed=2)
    change(repository / "conftest.py", "return 1", "return 2")
    run(passed=2)


def test_packages_installed_within_the_repository_do_not_count(run, repository):
    """Those of an environment of tox: the digest is the same with an environment that lies elsewhere."""
    package = repository / ".tox" / "site-packages" / "installed.py"
    package.parent.mkdir(parents=True)
    package.write_text("import pytest\n@pytest.fixture\ndef asked():\n    return 1\n")
    (repository / "conftest.py").write_text(
        CONFTEST + f"sys.path.append({str(package.parent)!r})\npytest_plugins.append('installed')\n"
    )
    change(repository / "test_it.py", "test_slow()", "test_slow(asked)")
    run("--settle", passed=2)
    package.write_text(package.read_text() + "# another version\nNEW = 1\n")
    run(passed=1, skipped=1)


@pytest.mark.parametrize("words", [(), ("--settle", "-n", "1")])
def test_a_damaged_record_ends_the_run_before_it_begins(run, pytester, repository, words):
    (repository / record.FILE).write_text("<<<<<<< HEAD\n")
    done = pytester.runpytest(*words)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert re.search(r"ERROR: .*passed\.txt, line 1, is '<<<<<<< HEAD'.*Delete the line", done.stderr.str())


def test_with_other_versions_nothing_is_settled(run, pytester, repository):
    run("--settle", passed=2)
    path = repository / "constraints.txt"
    path.write_text(re.sub(r"^numpy==.*$", "numpy==0.1", path.read_text(), flags=re.MULTILINE))
    run(passed=2)
    done = pytester.runpytest("--settle")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert "here numpy has another or is missing. Install those versions" in done.stderr.str()


def test_the_packages_that_count_are_pinned():
    lines = (provenance.ROOT / "constraints.txt").read_text().splitlines()
    assert set(dependencies.PACKAGES) <= {line.split("==")[0] for line in lines}
