"""The script for a GPU, tried out on the processor with a tiny run."""

import json
import os
import subprocess
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import tomlkit

from empirical.evidence.bundle import read_bundle
from empirical.storage import CACHE_VARIABLE

pytestmark = [pytest.mark.needs_torch, pytest.mark.slow]
SCRIPT = Path(__file__).parents[3] / "empirical" / "runs" / "on_gpu.sh"


def run(out, *words, cache):
    command = ["bash", str(SCRIPT), str(out), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, CACHE_VARIABLE: str(cache)})


@pytest.mark.release
def test_networks_are_recorded_one_by_one_until_there_are_no_more(quick_mlp, tmp_path):
    path = tmp_path / "quick.toml"
    path.write_text(tomlkit.dumps(asdict(replace(quick_mlp, epochs=1))))
    done = run(tmp_path / "out", 300, path, "cpu", cache=tmp_path / "cache")
    out = tmp_path / "out"
    assert done.returncode == 0, done.stdout + done.stderr
    assert [read_bundle(out / f"network-{k}").manifest["networks"] for k in (0, 1)] == [[0], [1]]
    assert not (out / "network-2").exists()
    assert "2 networks recorded" in done.stdout
    assert len(json.loads((out / "training.json").read_text())["training"]) == 2
    assert "accuracy, unpermuted" in (out / "devices.txt").read_text()


def test_without_a_gpu_nothing_is_recorded(tmp_path):
    done = run(tmp_path / "out", 60, cache=tmp_path / "cache")
    assert done.returncode == 1
    assert "nothing is recorded" in done.stdout
    assert "finds none here" in (tmp_path / "out" / "devices.txt").read_text()


def test_without_a_folder_the_usage_is_said():
    done = subprocess.run(["bash", str(SCRIPT)], capture_output=True, text=True)
    assert done.returncode != 0
    assert "usage: on_gpu.sh OUT" in done.stderr
