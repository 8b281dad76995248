"""A folder to run commands in, and the checker in a process of its own."""

import os
import subprocess
import sys

import pytest

from empirical.evidence.bundle import write_bundle
from tests.verify.conftest import ROOT
from tests.verify.synthetic import paper
from verify.__main__ import main
from verify.report.ledger import read
from verify.worlds import world


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder to be in, with a recorded synthetic world in ``evidence``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GEOMEM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(world, "LIVE", ())
    write_bundle(tmp_path / "evidence" / "synthetic", paper.manifest(), paper.rows())
    return tmp_path


@pytest.fixture
def verify(place, capsys):
    """Run a command in that folder; exit status, output and errors, each with its white space joined."""

    def run(*arguments):
        status = main([*map(str, arguments), "--evidence", "evidence"])
        return status, *(" ".join(text.split()) for text in capsys.readouterr())

    return run


@pytest.fixture
def check(tmp_path):
    """Run the checker with a ledger of its own; returns the finished process and its ledger's entries by claim."""

    def run(*arguments, python=(), **environment):
        ledger = tmp_path / "ledger.jsonl"
        ledger.unlink(missing_ok=True)
        command = [sys.executable, *python, "-m", "pytest", "verify", "-p", "no:cacheprovider", "--ledger", str(ledger)]
        done = subprocess.run(
            [*command, *map(str, arguments)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **environment},
        )
        return done, {entry.id: entry for entry in read(ledger)} if ledger.exists() else {}

    return run
