import subprocess
from dataclasses import replace

import pytest

from empirical.runs import provenance
from empirical.runs.provenance import commit, fingerprint, run_folder


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout of its own, with one file in each room that makes numbers, and one elsewhere."""
    for name in ("theory/a.py", "empirical/b.py", "verify/c.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("")
    git("init", "-q", at=tmp_path)
    git("add", ".", at=tmp_path)
    git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "one", at=tmp_path)
    monkeypatch.setattr(provenance, "ROOT", tmp_path)
    commit.cache_clear()
    yield tmp_path
    commit.cache_clear()


def git(*words: str, at) -> str:
    return subprocess.run(["git", "-C", at, *words], capture_output=True, text=True, check=True).stdout.strip()


def test_the_commit_is_told_with_what_differs_from_it(checkout):
    head = git("rev-parse", "HEAD", at=checkout)
    assert commit() == head
    (checkout / "verify" / "c.py").write_text("changed = 1")
    commit.cache_clear()
    assert commit() == head
    (checkout / "empirical" / "new.py").write_text("")
    commit.cache_clear()
    assert commit() == f"{head}+changes"


def test_without_git_the_commit_is_unknown(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, "ROOT", tmp_path)
    commit.cache_clear()
    assert commit() == "unknown"
    monkeypatch.setenv("PATH", "")
    commit.cache_clear()
    assert commit() == "unknown"
    commit.cache_clear()


def test_no_key_depends_on_the_commit(tiny, monkeypatch):
    before = run_folder(tiny), provenance.measured_name(tiny)
    monkeypatch.setattr(provenance, "commit", lambda: "another")
    monkeypatch.setattr(provenance, "_git", lambda *_: "another")
    assert (run_folder(tiny), provenance.measured_name(tiny)) == before
    assert "another" not in str(fingerprint(tiny))


def test_device_and_precision_are_those_of_the_run(tiny, monkeypatch):
    monkeypatch.setattr(provenance, "_gpu", lambda: "a GPU")
    here, there = (fingerprint(replace(tiny, device=device, precision="bfloat16")) for device in ("cpu", "cuda"))
    assert (fingerprint(tiny)["device"], fingerprint(tiny)["dtype"]) == ("cpu", "float32")
    assert (here["device"], there["device"]) == ("cpu", "a GPU")
    assert there["dtype"] == "float32, products in training bfloat16"
    assert run_folder(replace(tiny, device="cuda")) != run_folder(tiny)
