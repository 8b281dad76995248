import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from empirical.errors import GeomemError
from empirical.evidence.bundle import MANIFEST, TABLE
from empirical.pipeline import make_bundle, network_job, workers
from empirical.runs import folders
from empirical.runs.folders import run_folder
from tests.empirical.pipeline.executors import Here

pytestmark = [pytest.mark.needs_torch, pytest.mark.slow]
ROOT = Path(__file__).parents[3]
SIGNS = (
    "network-00/epoch-0001.safetensors",
    "measured-*/network-00.moments.json",
    "measured-*/network-00.csv",
    "network-01/epoch-0002*",
)


def command(file, cache):
    arguments = [sys.executable, "-m", "empirical", "bundle", str(file), "--cache", str(cache), "--workers", "1"]
    return subprocess.Popen(arguments, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


# The table follows from the sources at whatever moment a process is killed.
killed = pytest.mark.settled(reads=["empirical/__main__.py"])


def assert_same(made, undisturbed):
    for name in (TABLE, folders.OUTPUTS):
        assert (made / name).read_bytes() == (undisturbed / name).read_bytes()


def test_the_table_does_not_depend_on_the_executor(quick_mlp, undisturbed_mlp, tmp_path):
    """Threads share one generator of torch: they take turns."""
    seen = []
    with ThreadPoolExecutor(2) as pool:
        made = make_bundle.make_bundle(quick_mlp, tmp_path, lambda *counts: seen.append(counts), executor=pool)
    assert_same(made, undisturbed_mlp)
    assert seen == sorted(seen)
    assert seen[-1] == (12, 12)


@killed
@pytest.mark.parametrize("sign", SIGNS)
def test_a_killed_run_resumes_to_the_same_table(quick, quick_file, undisturbed, tmp_path, sign):
    """Killed as soon as a file is there: in training, in measuring, between measuring and its checks, in the second network."""
    running = command(quick_file, tmp_path)
    while not list(tmp_path.glob(f"*/{sign}")):
        assert running.poll() is None
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert not list(tmp_path.glob(f"*/*/*/{MANIFEST}"))
    assert_same(make_bundle.make_bundle(quick, tmp_path, executor=Here()), undisturbed)


@killed
def test_a_run_killed_again_and_again_ends_with_the_same_table(quick, quick_file, undisturbed, tmp_path):
    """Only the command is killed, at any moment from its first file on: its worker ends by itself, or is waited for."""
    moments = random.Random(0)
    for _ in range(3):
        started, running = time.time(), command(quick_file, tmp_path)
        while running.poll() is None and not any(path.stat().st_mtime > started for path in tmp_path.glob("*/network-*")):
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 1))
        running.kill()
        running.wait()
    assert_same(make_bundle.make_bundle(quick, tmp_path, executor=Here()), undisturbed)


def test_a_killed_workers_network_goes_to_another(quick_mlp, undisturbed_mlp, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "do", _killed_once)
    made = make_bundle.make_bundle(quick_mlp, tmp_path, workers=1)
    assert list(tmp_path.rglob("killed"))
    assert_same(made, undisturbed_mlp)


def _killed_once(work, network):
    """As the real one; the first worker of all is killed when its first epoch is trained."""
    killed = work.folder / "killed"
    if not killed.exists():
        threading.Thread(target=_kill_after, args=(work.folder, killed), daemon=True).start()
    workers.do(work, network)


def _kill_after(folder, killed):
    while not list(folder.glob("*/epoch-0001.safetensors")):
        time.sleep(0.001)
    killed.touch()
    os.kill(os.getpid(), signal.SIGKILL)


@killed
def test_a_network_whose_workers_are_always_killed_is_an_error(quick_mlp, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "do", _die)
    with pytest.raises(GeomemError, match="run the same command again"):
        make_bundle.make_bundle(quick_mlp, tmp_path, workers=1)
    assert len(list(tmp_path.rglob("died-*"))) == 1 + workers.RESUMED


def _die(work, network):
    (work.folder / f"died-{os.getpid()}").touch()
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_network_that_another_worker_holds_is_waited_for(quick_mlp, tmp_path):
    """Given up for lost, it may still live."""
    folder, network = run_folder(quick_mlp, tmp_path), folders.network_folder(run_folder(quick_mlp, tmp_path), 0)
    second = threading.Thread(target=network_job.run_network, args=(quick_mlp, 0, folder, ("train",)))
    with folders.held(folder, 0):
        second.start()
        time.sleep(0.5)
        assert not list(network.glob("*.safetensors"))
    second.join()
    before = {path: path.stat().st_mtime_ns for path in network.glob("*.safetensors")}
    assert len(before) == 5
    network_job.run_network(quick_mlp, 0, folder, ("train",))
    assert before == {path: path.stat().st_mtime_ns for path in network.glob("*.safetensors")}


def test_a_worker_with_other_sources_is_refused(quick_mlp, tmp_path):
    work = workers.Work(quick_mlp, tmp_path, folders.STEPS, False, "measured-elsewhere")
    with pytest.raises(GeomemError, match=r"a worker has other sources.* --networks, and merge"):
        workers.do(work, 0)


def test_without_checkpoints_what_is_measured_is_not_done_again(quick_mlp, undisturbed_mlp, tmp_path):
    made = make_bundle.make_bundle(quick_mlp, tmp_path, executor=Here(), discard=True)
    assert_same(made, undisturbed_mlp)
    assert not list(tmp_path.rglob("*.safetensors"))
    (made / MANIFEST).unlink()
    assert_same(make_bundle.make_bundle(quick_mlp, tmp_path, executor=Here()), undisturbed_mlp)
    assert not list(tmp_path.rglob("*.safetensors"))


def test_checkpoints_of_a_made_bundle_are_discarded_on_demand(quick_mlp, tmp_path):
    one = replace(quick_mlp, epochs=1)
    make_bundle.make_bundle(one, tmp_path, executor=Here(), networks=(1,))
    assert len(list(tmp_path.rglob("*.safetensors"))) == 3
    make_bundle.make_bundle(one, tmp_path, executor=Here(), networks=(1,), discard=True)
    assert not list(tmp_path.rglob("*.safetensors"))


FAULTS = """
import resource, sys
from empirical.pipeline import workers
import torch
torch.set_num_threads(1)
layers = torch.nn.Sequential(torch.nn.Conv2d(3, 32, 5), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Conv2d(32, 32, 5))
images = torch.ones(50, 3, 32, 32)

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(5):
        layers(images).square().mean().backward()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

def fewest():
    # The heap grows now and then, and the system gives pages in larger pieces at times: what is added says nothing of torch.
    faults()
    return min(faults() for _ in range(3))

without = fewest()
workers._keep_memory()
print(without, fewest())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is told")
def test_memory_that_torch_frees_is_not_given_back():
    made = subprocess.run([sys.executable, "-c", FAULTS], cwd=ROOT, capture_output=True, text=True, check=True)
    without, kept = map(int, made.stdout.split())
    assert kept < without / 10
