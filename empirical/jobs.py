"""A run's work, one network a job, in parallel processes; what is on the disk already is not done again."""

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from empirical.errors import GeomemError
from empirical.measurements import table_text
from empirical.provenance import measured_name
from empirical.runspec import RunSpec
from empirical.storage import make_folder, write_atomic

POLL_SECONDS = 0.5
STEPS = ("train", "measure")
OUTPUTS = "outputs.csv"
# The network whose outputs are pictured.
PICTURED = 0


def network_folder(folder: Path, network: int) -> Path:
    """Where one network's checkpoints are."""
    return folder / f"network-{network:02d}"


def measured_folder(spec: RunSpec, folder: Path) -> Path:
    """Where the run's measurements and its bundle are."""
    return folder / measured_name(spec)


def rows_path(measured: Path, network: int) -> Path:
    """The measured rows of one network."""
    return measured / f"network-{network:02d}.csv"


def checks_path(measured: Path, network: int) -> Path:
    """What was checked while they were measured; written last, so that its presence says that the network is done."""
    return measured / f"network-{network:02d}.json"


def run_steps(spec: RunSpec, folder: Path, steps, progress: Callable | None = None, workers: int | None = None) -> None:
    """Train and/or measure every network of the run, in processes of one thread each.

    :param progress: called with (files done, files in all) now and then.
    :raises GeomemError: with cause and next step; what was done so far is kept.
    """
    # A spawned process starts clean: a fork of a process that has used torch's threads can hang.
    context = multiprocessing.get_context("spawn")
    workers = workers or max(1, min(spec.n_networks, os.cpu_count() or 1))
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        _follow(pool, spec, folder, steps, progress)


def _follow(pool: Executor, spec: RunSpec, folder: Path, steps, progress) -> None:
    jobs = [pool.submit(run_network, spec, network, folder, steps) for network in range(spec.n_networks)]
    pending = set(jobs)
    try:
        while pending:
            done, pending = wait(pending, timeout=POLL_SECONDS)
            if progress:
                progress(*_files(spec, folder, steps))
            for job in done:
                job.result()
    except BrokenProcessPool as error:
        raise GeomemError("a training process was killed (out of memory?); run the same command again: it resumes") from error
    finally:
        for job in pending:
            job.cancel()


def run_network(spec: RunSpec, network: int, folder: Path, steps=STEPS) -> None:
    """Train and/or measure one network, in this process."""
    import torch
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(1)
    with threadpool_limits(1):
        _run_network(spec, network, folder, steps)


def _run_network(spec: RunSpec, network: int, folder: Path, steps) -> None:
    from empirical.manifolds import manifolds_of
    from empirical.train import Subject, train

    weights, measured = make_folder(network_folder(folder, network)), measured_folder(spec, folder)
    if "measure" in steps and is_measured(measured, network):
        return
    subject = Subject.of(spec, network)
    if "measure" in steps:
        # What cannot be measured is told before hours of training, not after.
        manifolds_of(subject)
    if "train" in steps:
        train(subject, weights)
    if "measure" in steps:
        _measure(subject, weights, make_folder(measured))


def _measure(subject, weights: Path, measured: Path) -> None:
    from empirical.measure import final_digest, measure, turning_point
    from empirical.outputs import outputs, table_of

    rows, checks = measure(subject, weights)
    content = table_text(rows).encode()
    written = {rows_path(measured, subject.network): content}
    if subject.network == PICTURED:
        # A network that is not trained has no picture of its training.
        epochs = sorted({0, turning_point(rows), subject.spec.epochs}) if subject.spec.epochs else []
        pictured = outputs(subject, weights, epochs)
        written[measured / OUTPUTS] = table_of(pictured).encode()
    for path, text in written.items():
        write_atomic(path, text)
    about = {
        "checks": checks,
        "final_digest": final_digest(subject, weights),
        "sha256": {path.name: hashlib.sha256(text).hexdigest() for path, text in written.items()},
    }
    write_atomic(checks_path(measured, subject.network), json.dumps(about).encode())


def is_measured(measured: Path, network: int) -> bool:
    """Whether what was measured on the network is there as it was written; otherwise it is measured again."""
    try:
        written = json.loads(checks_path(measured, network).read_text(encoding="utf-8"))["sha256"]
        return all(hashlib.sha256((measured / name).read_bytes()).hexdigest() == sha for name, sha in written.items())
    except (OSError, ValueError, KeyError):
        return False


def _files(spec: RunSpec, folder: Path, steps) -> tuple[int, int]:
    """Files written so far and in all: the progress is what is on the disk."""
    per_network = len(spec.checkpoint_epochs()) * ("train" in steps) + ("measure" in steps)
    measured, count = measured_folder(spec, folder), 0
    for network in range(spec.n_networks):
        weights = network_folder(folder, network)
        trained = len(list(weights.glob("epoch-*.safetensors"))) if "train" in steps else 0
        count += trained + ("measure" in steps and checks_path(measured, network).is_file())
    return count, per_network * spec.n_networks
