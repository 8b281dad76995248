"""The distribution of a run's networks over workers: processes of this machine, or the workers of another executor.

If a worker dies, little is lost: another worker resumes from the files on the disk.
"""

import ctypes
import multiprocessing
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from empirical.errors import GeomemError
from empirical.pipeline import network_job
from empirical.pipeline.progress import workload
from empirical.runs.provenance import measuring_key
from empirical.runs.runspec import RunSpec

POLL_SECONDS = 0.5
# Largest number of times that a network is given to another worker after its worker was killed.
RESUMED = 2
# Blocks of up to this size are kept; the parameters' numbers are those of glibc's malloc.h.
KEPT_BYTES = 2**30
M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -3, -1
KILLED = "a training process was killed (out of memory?); run the same command again: it resumes"


@dataclass(frozen=True)
class Work:
    """The work on every network: everything that a worker needs to know.

    folder: the run's folder.
    steps: "train", "measure", or both.
    discard: whether a network's checkpoints are deleted after it is measured.
    key: the key under which measurements are kept; it changes with sources, versions and processor.
    """

    spec: RunSpec
    folder: Path
    steps: tuple[str, ...]
    discard: bool
    key: str


def run_steps(
    spec: RunSpec,
    folder: Path,
    steps: Sequence[str],
    progress: Callable | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    *,
    networks: Sequence[int] | None = None,
    discard: bool = False,
) -> None:
    """Train or measure networks of the run, or both, each on one thread; the result does not depend on the worker.

    :param folder: the run's folder.
    :param steps: "train", "measure", or both.
    :param progress: called repeatedly with (epochs done, epochs in all).
    :param workers: number of processes of this machine; None stands for one per core.
    :param executor: replaces these processes; it has the interface of ``concurrent.futures``. Its workers see ``folder`` under
        the same path, on a file system with locks, and run the same sources on the same kind of processor.
    :param networks: numbers of the networks; None stands for all.
    :param discard: delete a network's checkpoints after it is measured.
    :raises GeomemError: the message says the cause and what to do; finished work is kept.
    """
    left = list(range(spec.n_networks) if networks is None else networks)
    everything, work = list(left), Work(spec, folder.absolute(), tuple(steps), discard, measuring_key(spec))

    def report() -> None:
        if progress:
            progress(*workload(spec, folder, steps, everything))

    if executor is not None:
        if _deal(executor, work, left, len(left), report)[0]:
            raise GeomemError(KILLED)
    else:
        _deal_here(work, left, workers or max(1, min(len(left), os.cpu_count() or 1)), report)
    report()


def _deal_here(work: Work, left: list[int], workers: int, report) -> None:
    """Use processes of this machine. A killed process ends the whole pool, and a new pool continues."""
    # A spawned process starts clean: a fork of a process that has used torch's threads can hang.
    context, losses = multiprocessing.get_context("spawn"), Counter()
    while left:
        with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin) as pool:
            lost, left = _deal(pool, work, left, workers, report)
        losses.update(lost)
        if any(losses[network] > RESUMED for network in lost):
            raise GeomemError(KILLED)
        left = lost + left


def _deal(executor: Executor, work: Work, left: list[int], at_once: int, report) -> tuple[list[int], list[int]]:
    """Give the networks to the executor, ``at_once`` at a time, until all are done or the executor breaks.

    :returns: the networks that the executor had when it broke, and those that it had not received.
    """
    waiting, given = list(left), dict[Future, int]()
    try:
        while waiting or given:
            while waiting and len(given) < at_once:
                given[executor.submit(do, work, waiting[0])] = waiting[0]
                del waiting[0]
            done, _ = wait(given, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
            report()
            for job in done:
                job.result()
                del given[job]
    except BrokenExecutor:
        # Where nothing was given, it broke over the next.
        return list(given.values()) or waiting[:1], waiting[0 if given else 1 :]
    finally:
        for job in given:
            job.cancel()
    return [], []


def do(work: Work, network: int) -> None:
    """Do a worker's part of the work: one network.

    :raises GeomemError: the worker's numbers could differ from those of the caller, because its key differs.
    """
    if measuring_key(work.spec) != work.key:
        raise GeomemError(
            "a worker has other sources, versions or data than the command, or another processor, so its numbers would not be "
            "comparable; run the command there, with --networks, and merge the bundles: python -m empirical merge RUN FOLDER "
            "FOLDER"
        )
    network_job.run_network(work.spec, network, work.folder, work.steps, work.discard)


def _begin() -> None:
    _end_with_parent()
    _keep_memory()


def _keep_memory() -> None:
    """Let the C library keep the memory that torch frees, because to take it anew from the system costs a fifth of the time."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt:
        for parameter in (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD):
            mallopt(parameter, KEPT_BYTES)


def _end_with_parent() -> None:
    """End the worker when its command is killed, because it would receive no work and nobody would wait for it."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
