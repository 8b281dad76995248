"""How many threads each worker of xdist computes with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from verify import plugin

ROOT, CORES = Path(__file__).parents[3], os.cpu_count() or 1
# What a worker is given, written down by a plugin of the run.
WITNESS = """
import os
from pathlib import Path

def pytest_sessionstart(session):
    if hasattr(session.config, "workerinput"):
        Path(__file__).with_name(session.config.workerinput["workerid"]).write_text(os.environ.get("OMP_NUM_THREADS", "unset"))
"""


@pytest.fixture(autouse=True)
def eight_cores(monkeypatch):
    monkeypatch.setattr(plugin.os, "cpu_count", lambda: 8)
    # Set and deleted, so that what the plugin sets is gone after the test.
    monkeypatch.setenv("OMP_NUM_THREADS", "")
    monkeypatch.delenv("OMP_NUM_THREADS")


@pytest.mark.parametrize(("workers", "threads"), [(0, None), (1, None), (2, "4"), (3, "2"), (8, "1"), (20, "1")])
def test_workers_share_the_cores(workers, threads):
    plugin._share_cores(workers)
    assert os.environ.get("OMP_NUM_THREADS") == threads


def test_what_the_user_says_stays(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    plugin._share_cores(4)
    assert os.environ["OMP_NUM_THREADS"] == "3"


@pytest.mark.slow
def test_workers_of_a_run_of_claims_are_given_their_share(tmp_path):
    (tmp_path / "witness.py").write_text(WITNESS)
    inherited = {
        name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS" and not name.startswith("PYTEST_")
    }
    words = ["verify", "--claim", "C-01", "-n", "2", "-p", "witness", "--ledger", str(tmp_path / "ledger")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=ROOT,
        env={**inherited, "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)])},
        capture_output=True,
        text=True,
        check=False,
    )
    share = str(max(CORES // 2, 1))
    assert [(tmp_path / worker).read_text() for worker in ("gw0", "gw1")] == [share, share], done.stdout + done.stderr
