"""Making a world's evidence: its networks trained and measured in parallel processes, then one bundle.

Every network is a folder of its own; what is there is used, what is missing is made. Killed at any moment and started
again, a run continues and ends with the same table.
"""

import hashlib
import json
import multiprocessing
import os
import platform
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock

from empirical import datasets
from empirical.errors import GeomemError
from empirical.measurements import MANIFEST, Bundle, Measurement, parse_table, read_bundle, table_text, write_bundle
from empirical.provenance import fingerprint, run_folder
from empirical.quantities import QUANTITIES
from empirical.runspec import RunSpec
from empirical.storage import make_folder, write_atomic

ROWS, CHECKS = "rows.csv", "checks.json"
POLL_SECONDS = 0.5
STEPS = ("train", "measure")


def make_bundle(spec: RunSpec, root: Path | None = None, progress: Callable | None = None, workers: int | None = None) -> Path:
    """Make the run's bundle, or find it made.

    One process at a time works on a run; another waits for it. The table does not depend on ``workers``.

    :param progress: called with (files done, files in all) now and then.
    :returns: the bundle's folder.
    :raises GeomemError: with cause and next step; what was done so far is kept.
    """
    with working_on(spec, root) as folder:
        if not is_made(folder / "bundle"):
            started = time.time()
            run_steps(spec, folder, STEPS, progress, workers)
            _merge(spec, folder, time.time() - started)
    return folder / "bundle"


@contextmanager
def working_on(spec: RunSpec, root: Path | None = None) -> Iterator[Path]:
    """The run's folder, held by this process alone; another one waits."""
    folder = make_folder(run_folder(spec, root))
    with FileLock(folder / ".lock"):
        yield folder


def is_made(folder: Path) -> bool:
    """Whether a bundle is there. One that was edited is: it is reported, never silently replaced."""
    return (folder / MANIFEST).is_file()


def run_steps(spec: RunSpec, folder: Path, steps, progress: Callable | None = None, workers: int | None = None) -> None:
    """Train and/or measure every network of the run, in processes of one thread each."""
    # A spawned process starts clean: a fork of a process that has used torch's threads can hang.
    context = multiprocessing.get_context("spawn")
    workers = workers or max(1, min(spec.n_networks, os.cpu_count() or 1))
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        _follow(pool, spec, folder, steps, progress)


def _follow(pool: Executor, spec: RunSpec, folder: Path, steps, progress) -> None:
    jobs = [pool.submit(_run_network, spec, n, network_folder(folder, n), steps) for n in range(spec.n_networks)]
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


def network_folder(folder: Path, network: int) -> Path:
    """Where one network's checkpoints and rows are."""
    return folder / f"network-{network:02d}"


def _run_network(spec: RunSpec, network: int, folder: Path, steps) -> None:
    import torch

    from empirical.train import Subject, train

    torch.set_num_threads(1)
    make_folder(folder)
    if "measure" in steps and _measured(folder):
        return
    subject = Subject.of(spec, network)
    if "train" in steps:
        train(subject, folder)
    if "measure" in steps:
        _measure(subject, folder)


def _measure(subject, folder: Path) -> None:
    from empirical.measure import final_digest, measure

    rows, checks = measure(subject, folder)
    content = table_text(rows).encode()
    write_atomic(folder / ROWS, content)
    # Written last: its presence says that the network is done.
    about = {
        "checks": checks,
        "final_digest": final_digest(subject, folder),
        "rows_sha256": hashlib.sha256(content).hexdigest(),
    }
    write_atomic(folder / CHECKS, json.dumps(about).encode())


def _measured(folder: Path) -> bool:
    """Whether the network's rows are there as they were written; otherwise they are measured again."""
    try:
        about = json.loads((folder / CHECKS).read_text(encoding="utf-8"))
        return about["rows_sha256"] == hashlib.sha256((folder / ROWS).read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError):
        return False


def _merge(spec: RunSpec, folder: Path, seconds: float) -> None:
    rows: list[Measurement] = []
    checks: dict[str, bool] = {}
    finals = []
    for network in range(spec.n_networks):
        place = network_folder(folder, network)
        rows += parse_table((place / ROWS).read_text(encoding="utf-8"), str(place / ROWS))
        about = json.loads((place / CHECKS).read_text(encoding="utf-8"))
        finals.append(about["final_digest"])
        for name, passed in about["checks"].items():
            checks[name] = checks.get(name, True) and passed
    checks["networks_distinct"] = len(set(finals)) == len(finals)
    write_bundle(folder / "bundle", _manifest(spec, checks, seconds), rows)


def _manifest(spec: RunSpec, checks: dict[str, bool], seconds: float) -> dict:
    return {
        "world": spec.name,
        "spec": asdict(spec),
        "n_classes": datasets.n_classes(spec.dataset),
        "provenance": fingerprint(spec),
        "checks": checks,
        "quantities": QUANTITIES,
        "made": {
            "utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "seconds": round(seconds, 1),
            "host": platform.node(),
        },
    }


def load(spec: RunSpec, root: Path | None = None) -> Bundle:
    """Read the run's bundle where it was made.

    :raises EvidenceMissing: it was not.
    """
    return read_bundle(run_folder(spec, root) / "bundle")


def _files(spec: RunSpec, folder: Path, steps) -> tuple[int, int]:
    """Files written so far and in all: the progress is what is on the disk."""
    per_network = len(spec.checkpoint_epochs()) * ("train" in steps) + ("measure" in steps)
    count = 0
    for network in range(spec.n_networks):
        place = network_folder(folder, network)
        trained = len(list(place.glob("epoch-*.safetensors"))) if "train" in steps else 0
        count += trained + ("measure" in steps and (place / CHECKS).is_file())
    return count, per_network * spec.n_networks
