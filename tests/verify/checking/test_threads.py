"""How many threads each worker of xdist computes with."""

import os

import pytest

from verify import plugin


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
